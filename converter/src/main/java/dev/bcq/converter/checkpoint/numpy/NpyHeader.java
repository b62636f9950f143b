package dev.bcq.converter.checkpoint.numpy;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What stands in front of the values of a {@code .npy} file of version 1, 2 or 3.
 *
 * <p>Source: {@code numpy/lib/format.py}.
 *
 * @param descr number type in NumPy's words, for instance {@code <f4}; {@code |O} is a pickle
 * @param fortranOrder whether the first index changes fastest
 * @param shape dimensions; none for a single value
 * @param dataOffset bytes in front of the values
 */
public record NpyHeader(String descr, boolean fortranOrder, List<Long> shape, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION_AT = 6;
  private static final int LENGTH_AT = 8;
  private static final int MOST_VERSION = 3;

  /** NumPy's own limit, of {@code max_header_size}. */
  private static final long MOST_BYTES = 10_000;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Copies the shape. */
  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a header.
   *
   * @param where names the bytes in messages
   * @param bytes begin with the header
   * @throws CheckpointException if they do not, or it is damaged
   */
  public static NpyHeader parse(String where, MemorySegment bytes) {
    if (bytes.byteSize() < LENGTH_AT + 2
        || !Arrays.equals(bytes.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE), MAGIC)) {
      throw new CheckpointException(where + " is no .npy array: it does not begin with \\x93NUMPY");
    }
    int version = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, VERSION_AT));
    if (version < 1 || version > MOST_VERSION) {
      throw new CheckpointException(
          "%s is a .npy array of version %d; supported: 1 to %d"
              .formatted(where, version, MOST_VERSION));
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    long offset = (long) LENGTH_AT + lengthBytes;
    if (bytes.byteSize() < offset) {
      throw new CheckpointException(where + " is truncated: its header has no length");
    }
    long length =
        version == 1
            ? Short.toUnsignedLong(bytes.get(SHORT, LENGTH_AT))
            : Integer.toUnsignedLong(bytes.get(INT, LENGTH_AT));
    if (length > Math.min(MOST_BYTES, bytes.byteSize() - offset)) {
      throw new CheckpointException(
          "%s is damaged: its header has %d bytes; expected at most %d"
              .formatted(where, length, Math.min(MOST_BYTES, bytes.byteSize() - offset)));
    }
    byte[] text = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    return new NpyHeaderText(where, new String(text, StandardCharsets.ISO_8859_1))
        .read(offset + length);
  }
}
