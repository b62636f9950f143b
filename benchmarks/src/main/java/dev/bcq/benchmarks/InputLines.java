package dev.bcq.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a file that have words in them. */
final class InputLines {

  private InputLines() {}

  /**
   * Reads a file of UTF-8; malformed bytes become U+FFFD.
   *
   * @throws BenchException if it cannot be read or has no words
   */
  static List<String> of(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
      if (lines.isEmpty()) {
        throw new BenchException(file + " has no lines to translate");
      }
      return lines;
    } catch (NoSuchFileException e) {
      throw new BenchException(file + " does not exist", e);
    } catch (IOException e) {
      throw new BenchException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
