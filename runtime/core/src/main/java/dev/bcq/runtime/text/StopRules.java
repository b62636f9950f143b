package dev.bcq.runtime.text;

import static dev.bcq.runtime.text.CharacterClasses.isCapital;
import static dev.bcq.runtime.text.CharacterClasses.isDashOrBullet;
import static dev.bcq.runtime.text.CharacterClasses.isDigit;
import static dev.bcq.runtime.text.CharacterClasses.isOpener;
import static dev.bcq.runtime.text.CharacterClasses.isSmallLetter;
import static dev.bcq.runtime.text.CharacterClasses.isStop;
import static dev.bcq.runtime.text.CharacterClasses.isWhiteSpace;
import static dev.bcq.runtime.text.CharacterClasses.isWordPart;

import dev.bcq.runtime.text.Abbreviations.Use;
import org.jspecify.annotations.Nullable;

/**
 * Whether a single full stop ends a sentence, or an abbreviation, an initial, an ordinal number or
 * the number of a list item; and what words tell of whether a sentence begins. Looks no further
 * than a few words in both directions.
 */
final class StopRules {
  /** Words are read so far, in UTF-16 units; longer ones are not listed. */
  private static final int MAX_WORD = 2 * Abbreviations.MAX_LENGTH;

  private static final int MAX_PARTS = 4;

  /** Of the parts of an abbreviation with spaces, all but the last: "z. B.", "d. h.". */
  private static final int MAX_PART = 4;

  /** In words, the verb included: "Mary Ann Smith said". */
  private static final int MAX_SPEAKER = 4;

  private static final int MAX_ORDINAL_DIGITS = 3;

  private static final int MAX_LIST_NUMBER = 8;

  private final Abbreviations abbreviations;

  StopRules(Abbreviations abbreviations) {
    this.abbreviations = abbreviations;
  }

  /**
   * Whether a full stop ends the sentence.
   *
   * @param sentence where the sentence begins
   * @param stop the full stop
   * @param content first letter, digit or symbol behind it that is no white space, quote, dash
   * @param end of the line
   */
  boolean ends(String text, int sentence, int stop, int content, int end) {
    if (isListNumber(text, sentence, stop)) {
      return false;
    }
    int wordStart = wordStart(text, sentence, stop);
    if (stop - wordStart > MAX_WORD || wordStart == stop) {
      return true;
    }
    String word = text.substring(wordStart, stop);
    int followingEnd = wordEnd(text, content, end);
    String following = text.substring(content, followingEnd);
    boolean stopFollows = followingEnd < end && isStop(text.charAt(followingEnd));
    if (stopFollows && isWithinAbbreviation(word, following)) {
      return false;
    }
    Use use = use(text, sentence, wordStart, word);
    if (use == null) {
      return true;
    }
    return switch (use) {
      case NEVER_ENDS -> false;
      case BEFORE_NUMBER -> !isNumeral(following);
      case MAY_END -> begins(text, content, end);
    };
  }

  /** Whether what precedes the stop is the number of a list item: "1", "(2", "a", "iv", "1.2". */
  static boolean isListNumber(String text, int sentence, int stop) {
    int at = sentence;
    while (at < stop && stop - at <= 2 * MAX_LIST_NUMBER && isBeforeListNumber(text.charAt(at))) {
      at++;
    }
    int length = stop - at;
    if (length == 0 || length > MAX_LIST_NUMBER) {
      return false;
    }
    String number = text.substring(at, stop);
    boolean letter =
        length == 1 && (isCapital(number.charAt(0)) || isSmallLetter(number.charAt(0)));
    return letter || isRoman(number) || isSectionNumber(number);
  }

  private static boolean isBeforeListNumber(char c) {
    return isOpener(c) || isDashOrBullet(c) || isWhiteSpace(c);
  }

  /** Whether a text has numbers of one to three digits with stops between them. */
  private static boolean isSectionNumber(String text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isDigit(text.charAt(i))) {
        digits++;
      } else if (isStop(text.charAt(i)) && digits > 0) {
        digits = 0;
      } else {
        return false;
      }
      if (digits > MAX_ORDINAL_DIGITS) {
        return false;
      }
    }
    return digits > 0;
  }

  /** Walks back over letters, digits and stops between them. */
  private static int wordStart(String text, int sentence, int stop) {
    int at = stop;
    while (at > sentence && stop - at <= MAX_WORD) {
      int codePoint = text.codePointBefore(at);
      boolean inner =
          isStop(codePoint)
              && at < stop
              && at - 1 > sentence
              && isWordPart(text.codePointBefore(at - 1));
      if (!inner && !isWordPart(codePoint)) {
        break;
      }
      at -= Character.charCount(codePoint);
    }
    return at;
  }

  private static int wordEnd(String text, int from, int end) {
    int at = from;
    while (at < end && at - from <= MAX_WORD && isWordPart(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return Math.min(at, end);
  }

  /** Whether the stop is one of those within "z. B.", "J. R. R.", "v. Chr.". */
  private boolean isWithinAbbreviation(String word, String following) {
    String last = word.substring(word.lastIndexOf('.') + 1);
    return (isSingle(last) && isSingle(following))
        || abbreviations.use(word + "." + following) != null;
  }

  private static boolean isSingle(String word) {
    return !word.isEmpty()
        && word.codePointCount(0, word.length()) == 1
        && Character.isLetter(word.codePointAt(0));
  }

  private @Nullable Use use(String text, int sentence, int wordStart, String word) {
    Use use = spacedUse(text, sentence, wordStart, word);
    if (use == null) {
      use = abbreviations.use(word);
    }
    if (isEndOfMore(text, sentence, wordStart)) {
      return use;
    }
    boolean listed = use != null && use != Use.BEFORE_NUMBER;
    if (isInitial(word) ? !listed : use == null && isAcronym(word)) {
      return Use.MAY_END;
    }
    boolean number = isShortNumber(word) || isRoman(word);
    return use == null && number ? abbreviations.ordinals() : use;
  }

  /** Whether a word is the end of something such as "2,5", "1:0", "a@b.de" or "Super-G". */
  private static boolean isEndOfMore(String text, int sentence, int wordStart) {
    if (wordStart - 1 <= sentence) {
      return false;
    }
    char before = text.charAt(wordStart - 1);
    return ",&:+@/_".indexOf(before) >= 0
        || (before == '-' && isWordPart(text.codePointBefore(wordStart - 1)));
  }

  /** Looks up the word together with the parts in front of it; the longest listed one counts. */
  private @Nullable Use spacedUse(String text, int sentence, int wordStart, String word) {
    Use result = null;
    String joined = word;
    int at = wordStart;
    for (int parts = 1; parts < MAX_PARTS; parts++) {
      int stop = at;
      while (stop > sentence && at - stop < 2 && isWhiteSpace(text.charAt(stop - 1))) {
        stop--;
      }
      if (stop == at || stop == sentence || !isStop(text.charAt(stop - 1))) {
        break;
      }
      at = wordStart(text, sentence, stop - 1);
      if (stop - 1 - at > MAX_PART || at == stop - 1) {
        break;
      }
      joined = text.substring(at, stop - 1) + "." + joined;
      Use use = abbreviations.use(joined);
      result = use == null ? result : use;
    }
    return result;
  }

  private static boolean isInitial(String word) {
    int codePoint = word.codePointAt(0);
    boolean semitic = codePoint >= 0x5d0 && codePoint <= 0x6ff;
    return isSingle(word) && (isCapital(codePoint) || semitic);
  }

  /** Whether a word has at least two parts of one or two letters: "U.S", "a.m", "Ph.D". */
  private static boolean isAcronym(String word) {
    int letters = 0;
    int parts = 1;
    for (int at = 0; at < word.length(); at += Character.charCount(word.codePointAt(at))) {
      int codePoint = word.codePointAt(at);
      if (isStop(codePoint)) {
        letters = 0;
        parts++;
      } else if (!Character.isLetter(codePoint) || ++letters > 2) {
        return false;
      }
    }
    return parts > 1 && letters > 0;
  }

  private static boolean isShortNumber(String word) {
    return word.length() <= MAX_ORDINAL_DIGITS
        && word.codePoints().allMatch(CharacterClasses::isDigit);
  }

  private static boolean isRoman(String word) {
    return word.codePoints().allMatch(c -> "IVXLC".indexOf(c) >= 0)
        || word.codePoints().allMatch(c -> "ivx".indexOf(c) >= 0);
  }

  private static boolean isNumeral(String word) {
    return !word.isEmpty()
        && (isDigit(word.codePointAt(0)) || (word.length() > 1 && isRoman(word)));
  }

  /** Whether a speaker follows who has said what stands in front: "Tom asked", "I said". */
  boolean isSpeaker(String text, int from, int end) {
    if (begins(text, from, end) && !text.startsWith("I ", from)) {
      return false;
    }
    int at = from;
    for (int words = 0; words < MAX_SPEAKER; words++) {
      int wordEnd = wordEnd(text, at, end);
      if (words > 0 && abbreviations.says(text.substring(at, wordEnd))) {
        return wordEnd == end || text.charAt(wordEnd) != ':';
      }
      if (wordEnd == at || wordEnd + 1 >= end || !isWhiteSpace(text.charAt(wordEnd))) {
        return false;
      }
      at = wordEnd + 1;
    }
    return false;
  }

  /** Whether a word begins sentences and hardly ever has a capital within one. */
  boolean begins(String text, int from, int end) {
    int wordEnd = wordEnd(text, from, end);
    String word = text.substring(from, wordEnd);
    char behind = wordEnd < end ? text.charAt(wordEnd) : ' ';
    if (isStop(behind) && isSingle(word)) {
      return false;
    }
    boolean elided = behind == '\'' || behind == '\u2019';
    return abbreviations.begins(word) || (elided && abbreviations.begins(word + "'"));
  }
}
