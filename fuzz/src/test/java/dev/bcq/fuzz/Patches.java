package dev.bcq.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Changes of a model file, five bytes each: the short way from one whose sizes are right to one
 * where one of them is wrong.
 *
 * <pre>
 * u16  place, as a number of what is changed: modulo how many of it there are
 * u8   lowest three bits: 0 to 3 a word of header and directory, 4 a byte there, 5 a word of the
 *      file, 6 a byte of the file, 7 the file is cut there; then two bits: the value is moved up
 *      by 0, 8 or 16 bits, or is negative
 * u16  value
 * </pre>
 */
final class Patches {
  private static final int LENGTH = 5;
  private static final int HEADER = 64;
  private static final int NEGATIVE = 3;

  private Patches() {}

  /** Returns a changed copy of a file; a part of a patch at the end is left out. */
  static byte[] apply(byte[] patches, byte[] file) {
    byte[] changed = file.clone();
    ByteBuffer in = ByteBuffer.wrap(patches).order(ByteOrder.LITTLE_ENDIAN);
    int small = HEADER + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    while (in.remaining() >= LENGTH && changed.length >= small) {
      int place = Short.toUnsignedInt(in.getShort());
      int kind = in.get();
      int value = scaled(Short.toUnsignedInt(in.getShort()), kind >> 3 & 3);
      switch (kind & 7) {
        case 4 -> changed[place % small] = (byte) value;
        case 5 -> putWord(changed, place % (changed.length / 4), value);
        case 6 -> changed[place % changed.length] = (byte) value;
        case 7 -> changed = Arrays.copyOf(changed, place % changed.length);
        default -> putWord(changed, place % (small / 4), value);
      }
    }
    return changed;
  }

  private static void putWord(byte[] file, int number, int value) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * number, value);
  }

  private static int scaled(int value, int scale) {
    return scale == NEGATIVE ? -value : value << (8 * scale);
  }
}
