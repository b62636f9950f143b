package dev.bcq.runtime.text;

import static dev.bcq.runtime.text.CharacterClasses.isClauseMark;
import static dev.bcq.runtime.text.CharacterClasses.isCloser;
import static dev.bcq.runtime.text.CharacterClasses.isEastAsianClauseMark;
import static dev.bcq.runtime.text.CharacterClasses.isEmojiPart;
import static dev.bcq.runtime.text.CharacterClasses.isFreeStop;
import static dev.bcq.runtime.text.CharacterClasses.isMark;
import static dev.bcq.runtime.text.CharacterClasses.isTerminator;
import static dev.bcq.runtime.text.CharacterClasses.isWhiteSpace;

import java.util.List;
import java.util.function.IntPredicate;

/** The search for the best place to cut a sentence; {@link SentenceSplitter#cut} says which. */
final class SentenceCut {
  private static final int NONE = -1;

  /** Quotes and brackets between a clause mark and a cut. */
  private static final int MAX_CLOSERS = 8;

  private final String text;
  private final int start;
  private final int end;

  private SentenceCut(String text, int start, int end) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  static List<TextRange> cut(String text, TextRange sentence, int wanted) {
    int start = sentence.start();
    int end = sentence.end();
    while (start < end && isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    if (start == end) {
      return List.of();
    }
    int place = new SentenceCut(text, start, end).place(Math.max(start, Math.min(end, wanted)));
    if (place == NONE) {
      return List.of(new TextRange(start, end));
    }
    int firstEnd = place;
    while (isWhiteSpace(text.charAt(firstEnd - 1))) {
      firstEnd--;
    }
    return List.of(new TextRange(start, firstEnd), new TextRange(place, end));
  }

  /** Finds where the second part begins. */
  private int place(int wanted) {
    int reach = Math.min(wanted - start, end - wanted) / 2;
    int place = nearest(wanted, reach, this::isBehindClause);
    if (place == NONE) {
      place = nearest(wanted, reach, this::isBehindWhiteSpace);
    }
    if (place == NONE) {
      place = nearest(wanted, reach, this::isBetweenCharacters);
    }
    return place == NONE ? nearest(wanted, end - start, this::isBetweenCodePoints) : place;
  }

  private int nearest(int wanted, int reach, IntPredicate allowed) {
    for (int distance = 0; distance <= reach; distance++) {
      if (isInside(wanted - distance) && allowed.test(wanted - distance)) {
        return wanted - distance;
      }
      if (isInside(wanted + distance) && allowed.test(wanted + distance)) {
        return wanted + distance;
      }
    }
    return NONE;
  }

  private boolean isInside(int at) {
    return at > start && at < end && !isWhiteSpace(text.charAt(at));
  }

  private boolean isBehindClause(int at) {
    int mark = at - 1;
    while (mark > start && isWhiteSpace(text.charAt(mark))) {
      mark--;
    }
    boolean spaced = mark < at - 1;
    for (int i = 0; i < MAX_CLOSERS && mark > start && isCloser(text.charAt(mark)); i++) {
      mark--;
    }
    char c = text.charAt(mark);
    if (isEastAsianClauseMark(c) || isFreeStop(c)) {
      return !isCloser(text.charAt(at)) && !isTerminator(text.charAt(at));
    }
    return spaced && (isClauseMark(c) || isTerminator(c));
  }

  private boolean isBehindWhiteSpace(int at) {
    return isWhiteSpace(text.charAt(at - 1));
  }

  private boolean isBetweenCharacters(int at) {
    int next = text.codePointAt(at);
    int before = text.codePointBefore(at);
    return isBetweenCodePoints(at)
        && !isMark(next)
        && !isEmojiPart(next)
        && before != CharacterClasses.ZERO_WIDTH_JOINER;
  }

  private boolean isBetweenCodePoints(int at) {
    return !(Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
