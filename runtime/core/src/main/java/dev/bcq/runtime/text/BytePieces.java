package dev.bcq.runtime.text;

/** Pieces {@code <0x00>} to {@code <0xFF>}, which stand for single bytes. */
final class BytePieces {
  private static final String HEXADECIMAL = "0123456789ABCDEF";

  private BytePieces() {}

  /** Whether a piece stands for a byte. */
  static boolean isByte(String piece) {
    return piece.length() == 6
        && piece.startsWith("<0x")
        && piece.charAt(5) == '>'
        && HEXADECIMAL.indexOf(piece.charAt(3)) >= 0
        && HEXADECIMAL.indexOf(piece.charAt(4)) >= 0;
  }

  /** Returns the byte that a piece stands for, 0 to 255. */
  static int value(String piece) {
    return 16 * HEXADECIMAL.indexOf(piece.charAt(3)) + HEXADECIMAL.indexOf(piece.charAt(4));
  }

  /** Returns the piece of a byte. */
  static String of(int value) {
    return "<0x" + HEXADECIMAL.charAt(value >> 4 & 15) + HEXADECIMAL.charAt(value & 15) + ">";
  }
}
