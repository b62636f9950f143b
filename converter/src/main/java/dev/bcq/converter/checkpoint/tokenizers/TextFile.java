package dev.bcq.converter.checkpoint.tokenizers;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Lines of text files. */
final class TextFile {
  private TextFile() {}

  /**
   * Returns the lines of a file, ended by line feeds alone or after carriage returns.
   *
   * @throws CheckpointException if the file is not UTF-8 or cannot be read
   */
  static List<String> lines(Path file) {
    try {
      String text = Files.readString(file);
      return text.isEmpty() ? List.of() : Arrays.asList(text.split("\r?\n"));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file.getFileName() + " is not UTF-8", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
