package dev.bcq.runtime.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words that a language writes with a full stop, and those that its sentences begin with. The
 * format is explained in {@code abbreviations-general.txt}. Immutable and thread-safe.
 */
final class Abbreviations {
  /** No entry is longer, in UTF-16 units and without its last full stop. */
  static final int MAX_LENGTH = 16;

  /** The entry of all ordinal numbers. */
  private static final String ORDINALS = "{ordinals}";

  private static final String FOLDER = "/dev/bcq/runtime/text/";

  /** What a full stop behind a word means. */
  enum Use {
    /** The sentence goes on. */
    NEVER_ENDS,
    /** The sentence goes on if a number follows. */
    BEFORE_NUMBER,
    /** The sentence ends if a word follows that begins sentences. */
    MAY_END
  }

  private final Map<String, Use> uses = new HashMap<>();
  private final Map<String, Use> endings = new HashMap<>();
  private final Set<String> beginnings = new HashSet<>();
  private final Set<String> sayings = new HashSet<>();

  private Abbreviations() {}

  /**
   * Reads the lists of a language over the general ones.
   *
   * @param language a language that has a file, or null for the general lists alone
   */
  static Abbreviations load(@Nullable String language) {
    Abbreviations result = new Abbreviations();
    result.read("abbreviations-general.txt");
    if (language != null) {
      result.read("abbreviations-" + language + ".txt");
    }
    result.addCapitals();
    return result;
  }

  private void read(String name) {
    try (InputStream stream = Abbreviations.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException(
            FOLDER + name + " is missing from the class path: keep the resources of bcq-runtime");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      String section = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[")) {
          section = line;
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          for (String word : line.split(" ", -1)) {
            add(section, word);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + name, e);
    }
  }

  private void add(String section, String word) {
    switch (section) {
      case "[never ends]" -> add(word, Use.NEVER_ENDS);
      case "[before a number]" -> add(word, Use.BEFORE_NUMBER);
      case "[may end]" -> add(word, Use.MAY_END);
      case "[begins]" -> beginnings.add(word);
      case "[says]" -> sayings.add(word);
      default -> throw new IllegalStateException("unknown section '" + section + "'");
    }
  }

  private void add(String word, Use use) {
    if (word.startsWith("-")) {
      endings.put(word.substring(1), use);
    } else {
      uses.put(word, use);
    }
  }

  /** "Vgl." at the beginning of a sentence, "DR." in a heading; words as they are listed win. */
  private void addCapitals() {
    Map<String, Use> capitals = new HashMap<>();
    uses.forEach(
        (word, use) -> {
          String first = word.substring(0, 1);
          String capital = first.toUpperCase(Locale.ROOT);
          if (word.length() > 1 && !capital.equals(first)) {
            capitals.put(capital + word.substring(1), use);
          } else if (word.length() > 1) {
            capitals.put(word.toUpperCase(Locale.ROOT), use);
          }
        });
    capitals.forEach(uses::putIfAbsent);
  }

  /** Returns how a word is used, given without its last full stop, or null if it is not listed. */
  @Nullable Use use(String word) {
    Use use = uses.get(word);
    return use == null ? useOfEnding(word) : use;
  }

  private @Nullable Use useOfEnding(String word) {
    for (Map.Entry<String, Use> ending : endings.entrySet()) {
      if (word.endsWith(ending.getKey())) {
        return ending.getValue();
      }
    }
    return null;
  }

  /** Returns how numbers with a full stop are used, or null if they are not. */
  @Nullable Use ordinals() {
    return uses.get(ORDINALS);
  }

  /** Whether sentences begin with a word. */
  boolean begins(String word) {
    return beginnings.contains(word);
  }

  /** Whether a word tells that somebody has said what stands in front of it. */
  boolean says(String word) {
    return sayings.contains(word);
  }
}
