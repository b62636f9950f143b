package dev.bcq.runtime.text;

import dev.bcq.format.TextStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The splitter steps of a pipeline. Immutable and thread-safe. */
final class WordSplitter {
  private final List<TextStep> steps;

  WordSplitter(List<TextStep> steps) {
    this.steps = steps;
  }

  /**
   * Returns the words of a normalized text, none of them empty.
   *
   * @param first whether the text is the first of several sections
   */
  List<String> split(String text, boolean first) {
    List<String> words = text.isEmpty() ? List.of() : List.of(text);
    boolean atStart = first;
    for (TextStep step : steps) {
      List<String> split = new ArrayList<>();
      for (int i = 0; i < words.size(); i++) {
        split(step, words.get(i), atStart && i == 0, split);
      }
      // White space at the beginning has gone: the first word is no longer the text's beginning.
      atStart &= !split.isEmpty() && (!drops(step) || !startsWithSpace(words.get(0)));
      words = split;
    }
    return words;
  }

  private static boolean drops(TextStep step) {
    return switch (step.kind()) {
      case WHITE_SPACE, WORDS_AND_SYMBOLS, WHITE_SPACE_AND_PUNCTUATION -> true;
      default -> false;
    };
  }

  private static boolean startsWithSpace(String word) {
    return CharacterKinds.isWhiteSpace(word.codePointAt(0));
  }

  private static void split(TextStep step, String word, boolean first, List<String> into) {
    switch (step.kind()) {
      case WHITE_SPACE -> runs(word, c -> CharacterKinds.isWhiteSpace(c) ? DROPPED : 0, into);
      case WORDS_AND_SYMBOLS ->
          runs(
              word,
              c -> CharacterKinds.isWordPart(c) ? 1 : CharacterKinds.isWhiteSpace(c) ? DROPPED : 0,
              into);
      case WHITE_SPACE_AND_PUNCTUATION ->
          runs(
              word,
              c ->
                  CharacterKinds.isWhiteSpace(c)
                      ? DROPPED
                      : CharacterKinds.isPunctuation(c) ? ALONE : 0,
              into);
      case PUNCTUATION -> runs(word, c -> CharacterKinds.isPunctuation(c) ? ALONE : 0, into);
      case DIGITS -> {
        int kind = step.first() == 1 ? ALONE : 1;
        runs(word, c -> CharacterKinds.isNumber(c) ? kind : 0, into);
      }
      case BYTES -> bytes(step, word, into);
      case METASPACE -> metaspace(step, word, first, into);
      default -> throw new IllegalStateException(step.kind() + " is no step of a splitter");
    }
  }

  private static final int ALONE = -1;
  private static final int DROPPED = -2;

  private interface Classes {
    /** Returns the class of a code point, {@link #ALONE} or {@link #DROPPED}. */
    int of(int codePoint);
  }

  /** Cuts a text into runs of one class. */
  private static void runs(String text, Classes classes, List<String> into) {
    int from = 0;
    int running = DROPPED;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      int found = classes.of(codePoint);
      if (found != running || found == ALONE) {
        if (running != DROPPED) {
          into.add(text.substring(from, at));
        }
        from = at;
        running = found;
      }
      at += Character.charCount(codePoint);
    }
    if (running != DROPPED) {
      into.add(text.substring(from));
    }
  }

  private static void metaspace(TextStep step, String word, boolean first, List<String> into) {
    String mark = step.text();
    String text = word.replace(" ", mark);
    boolean prepends = step.first() == TextStep.ALWAYS || (step.first() == 1 && first);
    if (prepends && !text.startsWith(mark)) {
      text = mark + text;
    }
    if (step.second() != 1) {
      into.add(text);
      return;
    }
    int from = 0;
    for (int at = text.indexOf(mark, 1); at >= 0; at = text.indexOf(mark, from + 1)) {
      into.add(text.substring(from, at));
      from = at;
    }
    into.add(text.substring(from));
  }

  private static void bytes(TextStep step, String word, List<String> into) {
    String text = step.first() == 1 && !word.startsWith(" ") ? " " + word : word;
    if (step.second() != 1) {
      into.add(ByteCharacters.of(text));
      return;
    }
    for (int at = 0; at < text.length(); ) {
      int end = endOfWord(text, at);
      into.add(ByteCharacters.of(text.substring(at, end)));
      at = end;
    }
  }

  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ of GPT-2.
  private static int endOfWord(String text, int at) {
    for (String contraction : CONTRACTIONS) {
      if (text.startsWith(contraction, at)) {
        return at + contraction.length();
      }
    }
    int begin = text.charAt(at) == ' ' ? at + 1 : at;
    if (begin < text.length() && !CharacterKinds.isWhiteSpace(text.codePointAt(begin))) {
      int codePoint = text.codePointAt(begin);
      IntPredicate same =
          Character.isLetter(codePoint)
              ? Character::isLetter
              : CharacterKinds.isNumber(codePoint)
                  ? CharacterKinds::isNumber
                  : c ->
                      !CharacterKinds.isWhiteSpace(c)
                          && !Character.isLetter(c)
                          && !CharacterKinds.isNumber(c);
      return endOfRun(text, begin, same);
    }
    int end = endOfRun(text, at, CharacterKinds::isWhiteSpace);
    // The last white space of several belongs to the word behind it.
    return end == text.length() || end - at == 1 ? end : end - 1;
  }

  private static final List<String> CONTRACTIONS =
      List.of("'s", "'t", "'re", "'ve", "'m", "'ll", "'d");

  private static int endOfRun(String text, int from, IntPredicate same) {
    int at = from;
    while (at < text.length() && same.test(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }
}
