package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code dict.txt} of fairseq: a symbol and its count in each line. The special symbols are not
 * in the file and have the first ids.
 *
 * <p>Source: {@code fairseq/data/dictionary.py}.
 */
final class FairseqVocabulary {
  static final int PADDING = 1;
  static final int END = 2;
  static final int UNKNOWN = 3;

  private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>");
  private static final String OVERWRITE = " #fairseq:overwrite";

  private FairseqVocabulary() {}

  /**
   * Returns the symbols by their ids.
   *
   * @throws CheckpointException if the file cannot be read, or a line is no symbol with its count
   */
  static List<String> read(Path file) {
    List<String> symbols = new ArrayList<>(SPECIAL);
    Map<String, Integer> lines = new HashMap<>();
    SPECIAL.forEach(symbol -> lines.put(symbol, 0));
    String name = String.valueOf(file.getFileName());
    List<String> content = lines(file);
    for (int i = 0; i < content.size(); i++) {
      String line = content.get(i);
      boolean overwrites = line.endsWith(OVERWRITE);
      if (overwrites) {
        line = line.substring(0, line.length() - OVERWRITE.length());
      }
      int space = line.lastIndexOf(' ');
      if (space < 1 || !line.substring(space + 1).matches("-?\\d+")) {
        throw new CheckpointException(
            "%s, line %d: expected a symbol, a space and its count".formatted(name, i + 1));
      }
      String symbol = line.substring(0, space);
      Integer earlier = lines.put(symbol, i + 1);
      if (earlier != null && !overwrites) {
        throw new CheckpointException(
            "%s, line %d: '%s' is %s; expected each symbol once"
                .formatted(
                    name,
                    i + 1,
                    symbol,
                    earlier == 0 ? "a special symbol" : "in line " + earlier + " too"));
      }
      symbols.add(symbol);
    }
    return symbols;
  }

  // Not Files.readAllLines: fairseq does not end lines at a carriage return alone.
  private static List<String> lines(Path file) {
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
