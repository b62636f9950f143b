package dev.bcq.converter.checkpoint.tensorflow;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A table of LevelDB: keys in order, each with a value, in blocks that a block of their own lists.
 * Keys share their beginnings with those before them.
 *
 * <p>Source: {@code doc/table_format.md} of LevelDB. Everything that is read is checked against the
 * length of the file and against the blocks' checksums. Blocks have to follow each other, so that
 * no byte is read twice.
 */
final class SortedTable {
  private static final int FOOTER = 48;
  private static final int TRAILER = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  /** Keys of tensors are paths of attributes; longer ones are no names. */
  private static final int LONGEST_KEY = 4096;

  private final String file;
  private final ByteBuffer bytes;

  /** Receives what a table holds. */
  @FunctionalInterface
  interface Entries {

    /**
     * Takes an entry.
     *
     * @param value from position to limit, valid during the call
     */
    void accept(String key, ByteBuffer value);
  }

  /** Where a block lies. */
  private record Handle(int offset, int size) {}

  /**
   * Prepares to read.
   *
   * @param file what messages call it
   * @param bytes the whole file
   */
  SortedTable(String file, byte[] bytes) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads all entries in order.
   *
   * @throws CheckpointException if the file is no table, damaged or compressed
   */
  void read(Entries entries) {
    int length = bytes.limit();
    if (length < FOOTER || bytes.getLong(length - Long.BYTES) != MAGIC) {
      throw new CheckpointException(
          file + " is no index of a TensorFlow checkpoint: it does not end in the magic number");
    }
    ByteBuffer footer = bytes.slice(length - FOOTER, FOOTER - Long.BYTES);
    // Nothing is known of filters, but that the block is whole.
    content(handle(footer));
    Handle index = handle(footer);
    int[] end = {0};
    block(
        index,
        (lastKey, value) -> {
          Handle block = handle(value);
          if (block.offset() < end[0]) {
            throw damaged("its blocks overlap");
          }
          end[0] = block.offset() + block.size();
          block(block, entries);
        });
  }

  private Handle handle(ByteBuffer from) {
    long offset = number(from);
    long size = number(from);
    long most = bytes.limit() - (long) FOOTER - TRAILER;
    if (offset < 0 || size < Integer.BYTES || offset > most || size > most - offset) {
      throw damaged(
          "a block lies at %s and has %s bytes; the file has %d"
              .formatted(
                  Long.toUnsignedString(offset), Long.toUnsignedString(size), bytes.limit()));
    }
    return new Handle((int) offset, (int) size);
  }

  private void block(Handle handle, Entries entries) {
    ByteBuffer block = content(handle);
    int restarts = block.getInt(block.limit() - Integer.BYTES);
    if (restarts < 0 || restarts > block.limit() / Integer.BYTES - 1) {
      throw damaged("a block has " + Integer.toUnsignedString(restarts) + " restarts");
    }
    block.limit(block.limit() - Integer.BYTES * (restarts + 1));
    byte[] key = new byte[64];
    int keyLength = 0;
    while (block.hasRemaining()) {
      long shared = number(block);
      long added = number(block);
      long valueLength = number(block);
      boolean sane =
          shared >= 0
              && shared <= keyLength
              && added >= 0
              && added <= LONGEST_KEY - shared
              && valueLength >= 0
              && valueLength <= block.remaining() - added;
      if (!sane) {
        throw damaged(
            "an entry shares %d bytes, has %d of its own and a value of %d"
                .formatted(shared, added, valueLength));
      }
      keyLength = (int) (shared + added);
      if (keyLength > key.length) {
        key = Arrays.copyOf(key, Math.max(2 * key.length, keyLength));
      }
      block.get(key, (int) shared, (int) added);
      ByteBuffer value = block.slice(block.position(), (int) valueLength);
      block.position(block.position() + (int) valueLength);
      entries.accept(new String(key, 0, keyLength, StandardCharsets.UTF_8), value);
    }
  }

  /** Returns a block without its trailer: how it is compressed, and a checksum of all. */
  private ByteBuffer content(Handle handle) {
    int end = handle.offset() + handle.size();
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(handle.offset(), handle.size() + 1));
    if (masked(crc) != bytes.getInt(end + 1)) {
      throw damaged("the checksum of the block at %d is wrong".formatted(handle.offset()));
    }
    if (bytes.get(end) != 0) {
      throw new CheckpointException(
          "%s has compressed blocks (%d), which TensorFlow does not write; supported: plain ones"
              .formatted(file, bytes.get(end)));
    }
    return bytes.slice(handle.offset(), handle.size()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a checksum as LevelDB and TensorFlow store it. */
  static int masked(CRC32C crc) {
    int value = (int) crc.getValue();
    return Integer.rotateRight(value, 15) + 0xa282ead8;
  }

  private long number(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!from.hasRemaining()) {
        throw damaged("a number is cut off");
      }
      byte next = from.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged("a number has more than 64 bits");
  }

  private CheckpointException damaged(String why) {
    return new CheckpointException(file + " is damaged: " + why);
  }
}
