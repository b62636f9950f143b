package dev.bcq.runtime.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Splits a text into sentences, by rules and lists of abbreviations. The same text is split alike
 * on every platform. Takes time linear in the length of the text, whatever it holds. Immutable and
 * thread-safe.
 */
public final class SentenceSplitter {
  /** They have lists; Chinese and Japanese need none beside the general ones. */
  private static final Set<String> LANGUAGES =
      Set.of("en", "de", "fr", "es", "pt", "it", "ru", "ar");

  /** Codes of three letters, as in {@code eng_Latn}. */
  private static final Map<String, String> LONG_CODES =
      Map.of(
          "eng", "en", "deu", "de", "ger", "de", "fra", "fr", "fre", "fr", "spa", "es", "por", "pt",
          "ita", "it", "rus", "ru", "ara", "ar");

  private static final String GENERAL = "";

  private static final Map<String, SentenceSplitter> SPLITTERS = new ConcurrentHashMap<>();

  private final StopRules stops;

  private SentenceSplitter(StopRules stops) {
    this.stops = stops;
  }

  /**
   * Returns the splitter of a language.
   *
   * @param language ISO 639 code of two or three letters in any case; what follows a hyphen or an
   *     underscore is not regarded ({@code pt-BR}, {@code zh_Hans}, {@code eng_Latn}). A language
   *     without rules of its own and null get the general ones, which also know the terminators of
   *     Chinese, Japanese and other scripts
   */
  public static SentenceSplitter of(@Nullable String language) {
    return SPLITTERS.computeIfAbsent(supported(language), SentenceSplitter::load);
  }

  private static String supported(@Nullable String language) {
    if (language == null) {
      return GENERAL;
    }
    String code = language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    code = LONG_CODES.getOrDefault(code, code);
    return LANGUAGES.contains(code) ? code : GENERAL;
  }

  private static SentenceSplitter load(String language) {
    return new SentenceSplitter(
        new StopRules(Abbreviations.load(language.equals(GENERAL) ? null : language)));
  }

  /**
   * Returns where the sentences of a text are: ascending, disjoint, neither empty nor with white
   * space at their ends. Everything outside of them is white space.
   *
   * <p>White space is what Unicode calls so, with U+0085, U+00A0, U+202F and U+3000 among it, and
   * also U+200B and U+FEFF. A line break (LF, CR, VT, FF, U+0085, U+2028, U+2029) always ends a
   * sentence. So does a tab, since the cells of a table are no sentences; one behind the number or
   * the bullet of a list item does not. A vertical bar is a character like others. The number of a
   * list item belongs to what follows, emoji behind a sentence to that sentence. What stands in
   * brackets within a sentence is not split.
   *
   * <p>Each sentence, split again, is one sentence.
   */
  public List<TextRange> split(String text) {
    return List.copyOf(new SentenceWalk(text, stops).sentences());
  }

  /**
   * Cuts a sentence in two, for a model that it is too long for. Of the places whose distance from
   * the wanted one is at most half the distance from there to the nearer end of the sentence, the
   * nearest behind a clause mark or terminator (with white space, unless the mark is East Asian) is
   * taken; else the nearest white space; else the nearest code point that does not continue the one
   * in front of it, as combining marks, joined emoji, skin tones and variation selectors do. If
   * there is none of these, the nearest code point of the sentence is taken. Of two places equally
   * near the first is taken. A surrogate pair is never cut.
   *
   * @param text a text
   * @param sentence a part of it
   * @param wanted where to cut if possible; an index outside of the sentence means its nearer end
   * @return the two parts, ascending, neither empty nor with white space at their ends, nothing but
   *     white space between them; a single range if the sentence is a single code point besides
   *     white space; none if it is white space
   * @throws StringIndexOutOfBoundsException if the text ends before the sentence
   */
  public List<TextRange> cut(String text, TextRange sentence, int wanted) {
    return SentenceCut.cut(text, sentence, wanted);
  }
}
