package dev.bcq.runtime.text;

import static dev.bcq.runtime.text.CharacterClasses.isEastAsianLetter;

import java.util.Arrays;

/**
 * The brackets, and quotes that work like brackets, within a sentence: what they hold is no
 * sentence of its own, unless the bracket begins the sentence or is too long for an insertion.
 */
final class Brackets {
  private static final String OPEN = "([{\uff08\uff3b\u3010\u300c\u300e";
  private static final String CLOSE = ")]}\uff09\uff3d\u3011\u300d\u300f";
  private static final int FIRST_QUOTE = OPEN.indexOf('\u300c');

  /** In UTF-16 units, about two long sentences. */
  private static final int MAX_LENGTH = 300;

  private final String text;

  /** Of each kind, the first closing bracket behind what was asked for last. */
  private final int[] closers = new int[CLOSE.length()];

  private int insertionEnd;

  Brackets(String text) {
    this.text = text;
    Arrays.fill(closers, -1);
  }

  /** Begins a sentence. */
  void begin() {
    insertionEnd = 0;
  }

  /** Notices the bracket that opens at an index, if one does. */
  void pass(int at, int content, int lineEnd) {
    int kind = OPEN.indexOf(text.charAt(at));
    if (kind < 0 || isPartOfFace(at)) {
      return;
    }
    int closer = closer(kind, at);
    boolean inserted = at >= content || (kind >= FIRST_QUOTE && isContinued(closer, lineEnd));
    if (closer < lineEnd && closer - at <= MAX_LENGTH && inserted) {
      insertionEnd = Math.max(insertionEnd, closer + 1);
    }
  }

  /** Whether an index lies in a bracket within the sentence. */
  boolean contains(int at) {
    return at < insertionEnd;
  }

  // Each closer is searched from where the search before it ended: linear for any text.
  private int closer(int kind, int at) {
    if (closers[kind] < at) {
      int found = text.indexOf(CLOSE.charAt(kind), at);
      closers[kind] = found < 0 ? text.length() : found;
    }
    return closers[kind];
  }

  /** Whether a sentence goes on behind what it begins with in quotes. */
  private boolean isContinued(int closer, int lineEnd) {
    return closer + 1 < lineEnd && isEastAsianLetter(text.codePointAt(closer + 1));
  }

  private boolean isPartOfFace(int at) {
    return at > 0 && ":;-=".indexOf(text.charAt(at - 1)) >= 0;
  }
}
