package dev.bcq.runtime.text;

/** The length of characters in UTF-8, as sentencepiece finds it. */
final class Utf8 {
  private static final int[] LENGTHS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

  private Utf8() {}

  /** Returns the bytes of the character that a byte begins. */
  static int length(byte first) {
    return LENGTHS[(first & 0xff) >> 4];
  }
}
