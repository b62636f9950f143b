package dev.bcq.format;

import java.nio.ByteBuffer;

/** The check that bytes are UTF-8. Unlike a decoder it allocates nothing. */
final class Utf8 {
  private static final int SURROGATES = 0xd800;
  private static final int BEHIND_SURROGATES = 0xe000;
  private static final int BEYOND_UNICODE = 0x110000;

  private Utf8() {}

  /** Returns whether bytes {@code from} to {@code to} are characters, each in its shortest form. */
  static boolean isValid(ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int first = bytes.get(at) & 0xff;
      int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      if ((first >= 0x80 && first < 0xc2) || first >= 0xf5 || more >= to - at) {
        return false;
      }
      int character = more == 0 ? first : first & (0x3f >> more);
      for (int i = 1; i <= more; i++) {
        int next = bytes.get(at + i) & 0xff;
        if ((next & 0xc0) != 0x80) {
          return false;
        }
        character = character << 6 | (next & 0x3f);
      }
      if (!isShortest(character, more)) {
        return false;
      }
      at += 1 + more;
    }
    return true;
  }

  private static boolean isShortest(int character, int more) {
    return switch (more) {
      case 2 -> character >= 0x800 && (character < SURROGATES || character >= BEHIND_SURROGATES);
      case 3 -> character >= 0x10000 && character < BEYOND_UNICODE;
      // Of two bytes, those of characters below 80 begin with C0 or C1.
      default -> true;
    };
  }
}
