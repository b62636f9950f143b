package dev.bcq.converter.checkpoint.tensorflow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Checkpoints as TensorFlow writes them, right and wrong ones. */
public final class BundleWriter {
  private static final int FLOAT = 1;
  private final Map<String, byte[]> entries = new TreeMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** What stands in front of each block's checksum: how it is compressed. */
  public int compression;

  /** The last 8 bytes. */
  public long magic = 0xdb4775248b80fb57L;

  /** Entries of a block. */
  public int entriesOfBlock = 7;

  /** What is added to the offset of each block that the index names. */
  public long wildness;

  /** Adds floats. */
  public BundleWriter floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return entry(
        name + "/.ATTRIBUTES/VARIABLE_VALUE",
        FLOAT,
        shape,
        data.size(),
        values.length * 4L,
        masked(bytes.array()),
        bytes.array());
  }

  /** Adds an entry, whatever it says. */
  public BundleWriter entry(
      String key, int type, long[] shape, long offset, long size, int crc, byte[] values) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    field(message, 1, type);
    ByteArrayOutputStream dimensions = new ByteArrayOutputStream();
    for (long length : shape) {
      ByteArrayOutputStream dimension = new ByteArrayOutputStream();
      field(dimension, 1, length);
      bytes(dimensions, 2, dimension.toByteArray());
    }
    bytes(message, 2, dimensions.toByteArray());
    field(message, 4, offset);
    field(message, 5, size);
    number(message, 6 << 3 | 5);
    message.writeBytes(little(4).putInt(crc).array());
    data.writeBytes(values);
    entries.put(key, message.toByteArray());
    return this;
  }

  /** Adds an entry that the reader has no use for. */
  public BundleWriter text(String key) {
    return entry(key, 7, new long[0], data.size(), 3, 0, new byte[3]);
  }

  /** Writes index and data; returns the index. */
  public Path write(Path folder, String prefix) {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(prefix + ".data-00000-of-00001"), data.toByteArray());
      return Files.write(folder.resolve(prefix + ".index"), index());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the index. */
  public byte[] index() {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    field(header, 1, 1);
    Map<String, byte[]> all = new TreeMap<>(entries);
    all.put("", header.toByteArray());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Map<String, byte[]> handles = new TreeMap<>();
    List<String> keys = new ArrayList<>(all.keySet());
    for (int from = 0; from < keys.size(); from += entriesOfBlock) {
      List<String> part = keys.subList(from, Math.min(keys.size(), from + entriesOfBlock));
      Map<String, byte[]> block = new TreeMap<>();
      part.forEach(key -> block.put(key, all.get(key)));
      handles.put(part.get(part.size() - 1), block(file, block, wildness));
    }
    byte[] metaIndex = block(file, Map.of(), 0);
    byte[] index = block(file, handles, 0);
    byte[] footer = new byte[48];
    ByteBuffer.wrap(footer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(metaIndex)
        .put(index)
        .putLong(40, magic);
    file.writeBytes(footer);
    return file.toByteArray();
  }

  /** Writes a block, whose keys share their beginnings; returns its handle. */
  private byte[] block(ByteArrayOutputStream file, Map<String, byte[]> content, long shift) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    byte[] last = {};
    for (Map.Entry<String, byte[]> entry : new TreeMap<>(content).entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      while (shared < Math.min(last.length, key.length) && last[shared] == key[shared]) {
        shared++;
      }
      number(block, shared);
      number(block, key.length - shared);
      number(block, entry.getValue().length);
      block.write(key, shared, key.length - shared);
      block.writeBytes(entry.getValue());
      last = key;
    }
    block.writeBytes(little(8).putInt(0).putInt(1).array());
    ByteArrayOutputStream handle = new ByteArrayOutputStream();
    number(handle, file.size() + shift);
    number(handle, block.size());
    block.write(compression);
    file.writeBytes(block.toByteArray());
    file.writeBytes(little(4).putInt(masked(block.toByteArray())).array());
    return handle.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }

  private static void field(ByteArrayOutputStream message, int field, long value) {
    number(message, (long) field << 3);
    number(message, value);
  }

  private static void bytes(ByteArrayOutputStream message, int field, byte[] value) {
    number(message, (long) field << 3 | 2);
    number(message, value.length);
    message.writeBytes(value);
  }

  private static void number(ByteArrayOutputStream to, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    to.write((int) rest);
  }
}
