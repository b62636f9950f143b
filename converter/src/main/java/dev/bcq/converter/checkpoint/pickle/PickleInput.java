package dev.bcq.converter.checkpoint.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes of a pickle, read from front to back; whatever they say, no read passes their end. */
final class PickleInput {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A thousand times what the weights of a large model take, and some hundred megabytes. */
  private static final int MOST_OPCODES = 1 << 22;

  private final String file;
  private final MemorySegment bytes;
  private long position;
  private long opcodeAt;
  private int opcodes;
  private Opcode opcode = Opcode.STOP;

  PickleInput(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  Opcode opcode() {
    opcodeAt = position;
    if (++opcodes > MOST_OPCODES) {
      throw new PickleException(
          "%s, byte %d: the pickle has more than %d opcodes; save the weights alone"
              .formatted(file, opcodeAt, MOST_OPCODES),
          null);
    }
    if (position == bytes.byteSize()) {
      throw new PickleException(
          "%s is truncated: its pickle has no end after %d bytes".formatted(file, position), null);
    }
    int code = u8();
    Opcode found = Opcode.of(code);
    if (found == null) {
      throw new PickleException(
          "%s, byte %d: 0x%02x is no opcode of a pickle of protocols 0 to 5; the file is damaged"
              .formatted(file, opcodeAt, code),
          null);
    }
    opcode = found;
    return found;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
  }

  int u16() {
    return u8() | u8() << 8;
  }

  int i32() {
    return bytes.get(INT, advance(4));
  }

  long u32() {
    return Integer.toUnsignedLong(i32());
  }

  double f64() {
    return Double.longBitsToDouble(bytes.get(BIG_ENDIAN_LONG, advance(8)));
  }

  /** Returns a length of 64 bits, to be given to {@link #take}. */
  long length64() {
    return bytes.get(LONG, advance(8));
  }

  /** Returns bytes where they lie. */
  MemorySegment take(long length) {
    return bytes.asSlice(advance(length), length);
  }

  /** Checks that so many bytes are left. */
  void expect(long length) {
    long left = bytes.byteSize() - position;
    if (length < 0 || length > left) {
      throw error(
          "it is %s bytes long, but %d are left; the file is truncated or damaged"
              .formatted(Long.toUnsignedString(length), left));
    }
  }

  private long advance(long length) {
    expect(length);
    long from = position;
    position += length;
    return from;
  }

  /**
   * Returns the bytes up to the next line feed, which is passed.
   *
   * @param longest more bytes are an error
   */
  String asciiLine(int longest) {
    MemorySegment line = line();
    if (line.byteSize() > longest) {
      throw error("a line of %d bytes; expected at most %d".formatted(line.byteSize(), longest));
    }
    return new String(line.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  MemorySegment line() {
    long end = position;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      end++;
    }
    if (end == bytes.byteSize()) {
      throw error("its line has no end; the file is truncated or damaged");
    }
    MemorySegment line = take(end - position);
    position++;
    return line;
  }

  PickleException error(String what) {
    return error(what, null);
  }

  PickleException error(String what, @Nullable Throwable cause) {
    return new PickleException(
        "%s, byte %d, opcode %s: %s".formatted(file, opcodeAt, opcode, what), cause);
  }
}
