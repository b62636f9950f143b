package dev.bcq.runtime.text;

/**
 * What code points mean to the splitter. The classes are lists and blocks of our own, or general
 * categories within scripts that were complete before Unicode 9: platforms differ in the version of
 * Unicode, and the same text has to be split alike on all of them.
 */
final class CharacterClasses {
  static final int ZERO_WIDTH_JOINER = 0x200d;

  private static final String LINE_BREAKS = "\n\u000b\f\r\u0085\u2028\u2029";

  /** A full stop; it also ends abbreviations and numbers. */
  private static final String STOPS = ".\uff0e";

  /** Stops that neither abbreviate nor need white space behind them. */
  private static final String FREE_STOPS =
      "\u3002\uff61\uff01\uff1f\u061f\u06d4\u0964\u0965\u0589\u1362\u1367\u104a\u104b\u17d4\u17d5\u1803\u1809";

  private static final String OTHER_TERMINATORS =
      "!?\u2026\u2025\u203c\u203d\u2047\u2048\u2049\u2e2e\u037e";

  private static final String EAST_ASIAN_CLOSERS =
      "\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u300b\u3009\u301e\u301f\uff09\uff3d\uff5d\uff63\uff60\uff02\uff07";

  private static final String EAST_ASIAN_OPENERS =
      "\u300c\u300e\u3010\u3014\u3016\u3018\u301a\u300a\u3008\u301d\uff08\uff3b\uff5b\uff62\uff5f";

  /** They close at the end of a word and open at its beginning, emphasis of plain text included. */
  private static final String NEUTRAL_QUOTES = "\"'`*_";

  /** Closers of one language that open in another. */
  private static final String CLOSERS_AND_OPENERS =
      "\u201c\u2018\u00ab\u00bb\u2039\u203a\u201d\u2019";

  private static final String OPENERS = "([{\u201e\u201a\u201f\u201b\u00bf\u00a1#@\u00a7";
  private static final String DASHES_AND_BULLETS =
      "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2023\u2043\u25aa\u25cf\u25e6\u00b7";

  /** Direction marks, embeddings, overrides and isolates: no part of what they stand beside. */
  private static final String DIRECTIONS =
      "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

  /** They choose between the plain and the coloured form of a mark. */
  private static final String VARIATIONS = "\ufe0e\ufe0f";

  /** With these no sentence begins. */
  private static final String CONTINUATIONS =
      ",;:)]}%/&=<>|\\^~\u060c\u061b\u3001\uff0c\uff1b\uff1a\uff64\u30fb\u30fc\uff5e\u301c";

  private static final String CLAUSE_MARKS = ",;:\u060c\u061b\u2013\u2014\u00b7\u037e\u0387";
  private static final String EAST_ASIAN_CLAUSE_MARKS = "\u3001\uff0c\uff1b\uff1a\uff64";

  private CharacterClasses() {}

  private static boolean isIn(String set, int codePoint) {
    return codePoint <= Character.MAX_VALUE && set.indexOf(codePoint) >= 0;
  }

  static boolean isLineBreak(int codePoint) {
    return isIn(LINE_BREAKS, codePoint);
  }

  /**
   * The property White_Space of Unicode, the zero width space, and the byte order mark wherever it
   * stands.
   */
  static boolean isWhiteSpace(int codePoint) {
    return codePoint == ' '
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || codePoint == 0xa0
        || codePoint == 0x1680
        || (codePoint >= 0x2000 && codePoint <= 0x200b)
        || codePoint == 0x2028
        || codePoint == 0x2029
        || codePoint == 0x202f
        || codePoint == 0x205f
        || codePoint == 0x3000
        || codePoint == 0xfeff;
  }

  static boolean isStop(int codePoint) {
    return isIn(STOPS, codePoint);
  }

  static boolean isFreeStop(int codePoint) {
    return isIn(FREE_STOPS, codePoint);
  }

  static boolean isEllipsis(int codePoint) {
    return codePoint == 0x2026 || codePoint == 0x2025;
  }

  static boolean isTerminator(int codePoint) {
    return isStop(codePoint) || isIn(OTHER_TERMINATORS, codePoint) || isFreeStop(codePoint);
  }

  /** Directly behind a terminator these belong to its sentence. */
  static boolean isCloser(int codePoint) {
    return isIn(")]}", codePoint)
        || isIn(NEUTRAL_QUOTES, codePoint)
        || isIn(CLOSERS_AND_OPENERS, codePoint)
        || isEastAsianCloser(codePoint)
        || isIn(DIRECTIONS, codePoint)
        || isIn(VARIATIONS, codePoint);
  }

  /**
   * Behind a stop that needs no white space these belong to its sentence: what only closes, or
   * opens nowhere where such stops are used.
   */
  static boolean isSureCloser(int codePoint) {
    return isIn(")]}\u201d\u2019\u00bb\u203a", codePoint)
        || isEastAsianCloser(codePoint)
        || isIn(DIRECTIONS, codePoint)
        || isIn(VARIATIONS, codePoint);
  }

  /** Closers that are never openers. */
  static boolean isEastAsianCloser(int codePoint) {
    return isIn(EAST_ASIAN_CLOSERS, codePoint);
  }

  /** What may stand in front of the first letter of a sentence. */
  static boolean isOpener(int codePoint) {
    return isIn(OPENERS, codePoint)
        || isIn(NEUTRAL_QUOTES, codePoint)
        || isIn(CLOSERS_AND_OPENERS, codePoint)
        || isIn(EAST_ASIAN_OPENERS, codePoint)
        || isIn(DIRECTIONS, codePoint);
  }

  /** Dashes and bullets, which may have white space behind them. */
  static boolean isDashOrBullet(int codePoint) {
    return isIn(DASHES_AND_BULLETS, codePoint);
  }

  static boolean isContinuation(int codePoint) {
    return isIn(CONTINUATIONS, codePoint);
  }

  static boolean isClauseMark(int codePoint) {
    return isIn(CLAUSE_MARKS, codePoint);
  }

  static boolean isEastAsianClauseMark(int codePoint) {
    return isIn(EAST_ASIAN_CLAUSE_MARKS, codePoint);
  }

  /**
   * Small letters of Latin, Greek, Cyrillic, Armenian and of full width. Georgian is left out:
   * Unicode 11 made small letters of letters without case.
   */
  static boolean isSmallLetter(int codePoint) {
    return hasCase(codePoint) && Character.getType(codePoint) == Character.LOWERCASE_LETTER;
  }

  /** Capitals of the same scripts. */
  static boolean isCapital(int codePoint) {
    return hasCase(codePoint)
        && (Character.getType(codePoint) == Character.UPPERCASE_LETTER
            || Character.getType(codePoint) == Character.TITLECASE_LETTER);
  }

  private static boolean hasCase(int codePoint) {
    return codePoint < 0x588
        || (codePoint >= 0x1e00 && codePoint <= 0x1fff)
        || (codePoint >= 0xff21 && codePoint <= 0xff5a);
  }

  /**
   * What the words consist of that lists and rules know: letters, digits and marks of Latin, Greek,
   * Cyrillic, Armenian, Hebrew and Arabic.
   */
  static boolean isWordPart(int codePoint) {
    return (hasCase(codePoint) || codePoint <= 0x77f)
        && (Character.isLetterOrDigit(codePoint) || isMark(codePoint));
  }

  static boolean isDigit(int codePoint) {
    return Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Accents, vowel signs and other characters on or around the one in front of them. */
  static boolean isMark(int codePoint) {
    int type = codePoint < 0x1800 ? Character.getType(codePoint) : Character.UNASSIGNED;
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || (codePoint >= 0x1ab0 && codePoint <= 0x1aff)
        || (codePoint >= 0x1dc0 && codePoint <= 0x1dff)
        || (codePoint >= 0x20d0 && codePoint <= 0x20ff)
        || (codePoint >= 0x3099 && codePoint <= 0x309a)
        || (codePoint >= 0xfe20 && codePoint <= 0xfe2f);
  }

  /** Han, kana and what stands among them. */
  static boolean isEastAsianLetter(int codePoint) {
    return (codePoint >= 0x3005 && codePoint <= 0x3007)
        || (codePoint >= 0x3040 && codePoint <= 0x30ff && codePoint != 0x30fb)
        || (codePoint >= 0x3400 && codePoint <= 0x9fff)
        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
        || (codePoint >= 0xff66 && codePoint <= 0xff9f)
        || (codePoint >= 0x20000 && codePoint <= 0x3ffff);
  }

  static boolean isHiragana(int codePoint) {
    return codePoint >= 0x3041 && codePoint <= 0x309f;
  }

  /** Pictures that stand behind a sentence; dingbats that serve as bullets are not among them. */
  static boolean isEmoji(int codePoint) {
    return (codePoint >= 0x1f000 && codePoint <= 0x1faff && !isEmojiPart(codePoint))
        || (codePoint >= 0x2600 && codePoint <= 0x26ff)
        || (codePoint >= 0x2708 && codePoint <= 0x270d)
        || (codePoint >= 0x2753 && codePoint <= 0x2757)
        || (codePoint >= 0x2763 && codePoint <= 0x2767)
        || isIn("\u2728\u2744\u2b50", codePoint);
  }

  /** What continues the character in front of it: joiners, variation selectors, skin tones. */
  static boolean isEmojiPart(int codePoint) {
    return codePoint == ZERO_WIDTH_JOINER
        || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)
        || (codePoint >= 0x1f3fb && codePoint <= 0x1f3ff)
        || (codePoint >= 0xe0020 && codePoint <= 0xe007f);
  }
}
