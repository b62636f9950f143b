package dev.bcq.runtime.text;

/** Characters and their UTF-8. */
final class Utf8 {
  private static final int[] LENGTHS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

  private Utf8() {}

  /** Returns the bytes of the character that a byte begins, as sentencepiece finds them. */
  static int length(byte first) {
    return LENGTHS[(first & 0xff) >> 4];
  }

  /** Returns a text with U+FFFD for each unpaired surrogate. */
  static String repaired(String text) {
    boolean paired = true;
    for (int i = 0; i < text.length() && paired; i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        paired = !Character.isSurrogate(c);
      }
    }
    if (paired) {
      return text;
    }
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                repaired.appendCodePoint(
                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c));
    return repaired.toString();
  }
}
