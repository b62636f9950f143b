package dev.bcq.runtime.text;

/**
 * Extended grapheme clusters (UAX 29) as far as they have fewer than 6 bytes of UTF-8: longer ones
 * may come in several parts.
 */
final class Graphemes {
  private Graphemes() {}

  /** Returns where the cluster ends that begins at an index. */
  static int end(String text, int at) {
    int codePoint = text.codePointAt(at);
    int end = at + Character.charCount(codePoint);
    if (codePoint == '\r' && end < text.length() && text.charAt(end) == '\n') {
      return end + 1;
    }
    if (isControl(codePoint)) {
      return end;
    }
    boolean prepends = isPrepend(codePoint);
    while (end < text.length()) {
      int next = text.codePointAt(end);
      if (!isExtend(next) && (!prepends || isControl(next))) {
        break;
      }
      prepends &= isPrepend(next);
      end += Character.charCount(next);
    }
    return end;
  }

  private static boolean isExtend(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default ->
          codePoint == 0x200c
              || codePoint == 0x200d
              || codePoint == 0xe33
              || codePoint == 0xeb3
              || codePoint == 0xff9e
              || codePoint == 0xff9f
              || (codePoint >= 0x1f3fb && codePoint <= 0x1f3ff)
              || (codePoint >= 0xe0020 && codePoint <= 0xe007f);
    };
  }

  private static boolean isControl(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> !isExtend(codePoint) && !isPrepend(codePoint);
      default -> false;
    };
  }

  /** Arabic and Syriac signs that stand over the digits behind them, and Indic repha. */
  private static boolean isPrepend(int codePoint) {
    return (codePoint >= 0x600 && codePoint <= 0x605)
        || codePoint == 0x6dd
        || codePoint == 0x70f
        || codePoint == 0x890
        || codePoint == 0x891
        || codePoint == 0x8e2
        || codePoint == 0xd4e;
  }
}
