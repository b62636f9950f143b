package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a mapped file from its beginning to its end; whatever lies beyond is an error. */
final class BinaryCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private long at;

  BinaryCursor(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long left() {
    return bytes.byteSize() - at;
  }

  int unsignedByte(String what) {
    return Byte.toUnsignedInt(take(1, what).get(ValueLayout.JAVA_BYTE, 0));
  }

  long unsignedInt(String what) {
    return Integer.toUnsignedLong(take(Integer.BYTES, what).get(INT, 0));
  }

  /** Returns a text: its length with a final NUL, and its bytes. Names are printable ASCII. */
  String name(String what) {
    int length = Short.toUnsignedInt(take(Short.BYTES, what).get(SHORT, 0));
    byte[] text = take(length, what).toArray(ValueLayout.JAVA_BYTE);
    boolean ended = length > 0 && text[length - 1] == 0;
    for (int i = 0; ended && i < length - 1; i++) {
      ended = text[i] >= 0x20 && text[i] < 0x7f;
    }
    if (!ended) {
      throw new CheckpointException(
          "%s is damaged: %s at byte %d is no name of printable characters with a NUL at its end"
              .formatted(file, what, at - length));
    }
    return new String(text, 0, length - 1, StandardCharsets.US_ASCII);
  }

  /** Returns the next bytes where they lie. */
  MemorySegment take(long count, String what) {
    if (count > left()) {
      throw new CheckpointException(
          "%s is truncated: %s needs %d bytes from %d, the file has %d"
              .formatted(file, what, count, at, bytes.byteSize()));
    }
    MemorySegment taken = bytes.asSlice(at, count);
    at += count;
    return taken;
  }
}
