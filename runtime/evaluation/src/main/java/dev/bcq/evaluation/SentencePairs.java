package dev.bcq.evaluation;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sentences and how they should be translated.
 *
 * @param sources what is translated
 * @param references a translation of each
 */
public record SentencePairs(List<String> sources, List<String> references) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if they differ in length
   */
  public SentencePairs {
    if (sources.size() != references.size()) {
      throw new IllegalArgumentException(
          sources.size() + " sources for " + references.size() + " references");
    }
    sources = List.copyOf(sources);
    references = List.copyOf(references);
  }

  /**
   * Reads a file with lines {@code SOURCE<TAB>REFERENCE}: the first of each distinct source.
   *
   * @param file in UTF-8, compressed if its name ends in {@code .gz}
   * @throws CommandException if it cannot be read, a line has no tab, or there is no pair
   */
  public static SentencePairs read(Path file) {
    Map<String, String> pairs = new LinkedHashMap<>();
    List<String> lines = TextFile.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      int tab = lines.get(i).indexOf('\t');
      if (tab < 0) {
        throw new CommandException(
            file + " line " + (i + 1) + " has no tab; expected SOURCE<TAB>REFERENCE");
      }
      pairs.putIfAbsent(lines.get(i).substring(0, tab), lines.get(i).substring(tab + 1));
    }
    if (pairs.isEmpty()) {
      throw new CommandException(file + " has no pairs; expected lines SOURCE<TAB>REFERENCE");
    }
    return new SentencePairs(List.copyOf(pairs.keySet()), List.copyOf(pairs.values()));
  }

  /** Returns the first pairs, {@code most} of them or all. */
  public SentencePairs first(int most) {
    int size = Math.min(most, size());
    return new SentencePairs(sources.subList(0, size), references.subList(0, size));
  }

  /** Returns the number of pairs. */
  public int size() {
    return sources.size();
  }
}
