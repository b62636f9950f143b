package dev.bcq.converter.checkpoint.ctranslate2;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary of CTranslate2: a JSON list of tokens, or a token in each line. The unknown token
 * comes last where the file lacks it.
 *
 * <p>Source: {@code src/vocabulary.cc}.
 */
final class CTranslate2Vocabulary {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CTranslate2Vocabulary() {}

  /**
   * Returns the tokens by their ids.
   *
   * @throws CheckpointException if the file cannot be read
   */
  static List<String> read(Path file, String unknown) {
    List<String> tokens =
        new ArrayList<>(file.toString().endsWith(".json") ? list(file) : lines(file));
    if (!tokens.contains(unknown)) {
      tokens.add(unknown);
    }
    return tokens;
  }

  private static List<String> list(Path file) {
    try {
      return List.of(JSON.readValue(Files.readAllBytes(file), String[].class));
    } catch (JacksonException | NullPointerException e) {
      throw new CheckpointException(
          file.getFileName() + " is no JSON list of tokens; expected [\"</s>\", ...]", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  // Not Files.readAllLines: a carriage return may be a part of a token, unless all lines have one.
  private static List<String> lines(Path file) {
    try {
      String text = Files.readString(file);
      String ended = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      List<String> lines = text.isEmpty() ? List.of() : List.of(ended.split("\n", -1));
      return lines.stream().allMatch(line -> line.endsWith("\r"))
          ? lines.stream().map(line -> line.substring(0, line.length() - 1)).toList()
          : lines;
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file.getFileName() + " is not UTF-8", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
