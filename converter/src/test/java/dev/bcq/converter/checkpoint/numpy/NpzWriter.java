package dev.bcq.converter.checkpoint.numpy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code .npy} arrays and {@code .npz} files, right or with mistakes. */
public final class NpzWriter {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** Returns an array with any header, padded as NumPy does. */
  public static byte[] npy(int version, String header, byte[] values) {
    int lengthBytes = version == 1 ? 2 : 4;
    int front = 8 + lengthBytes;
    String padded = header + " ".repeat((64 - (front + header.length() + 1) % 64) % 64) + "\n";
    byte[] array = new byte[front + padded.length() + values.length];
    ByteBuffer bytes =
        ByteBuffer.wrap(array)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x93)
            .put("NUMPY".getBytes(ISO_8859_1))
            .put((byte) version)
            .put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) padded.length());
    } else {
      bytes.putInt(padded.length());
    }
    bytes.put(padded.getBytes(ISO_8859_1)).put(values);
    return array;
  }

  public static String header(String descr, boolean fortran, long... shape) {
    String sizes = Arrays.stream(shape).mapToObj(size -> size + ", ").collect(Collectors.joining());
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(descr, fortran ? "True" : "False", sizes);
  }

  public static byte[] bytes(float... values) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer into = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      into.putFloat(value);
    }
    return bytes;
  }

  public NpzWriter floats(String name, float[] values, long... shape) {
    return entry(name + ".npy", npy(1, header("<f4", false, shape), bytes(values)));
  }

  public NpzWriter text(String name, byte[] values) {
    return entry(name + ".npy", npy(1, header("|i1", false, values.length), values));
  }

  public NpzWriter entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  public NpzWriter remove(String name) {
    entries.remove(name + ".npy");
    return this;
  }

  /** Returns the archive, with entries stored as they are. */
  public byte[] zip() {
    return zip(ZipEntry.STORED);
  }

  public byte[] zip(int method) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry stored = new ZipEntry(entry.getKey());
        stored.setMethod(method);
        stored.setSize(entry.getValue().length);
        CRC32 checksum = new CRC32();
        checksum.update(entry.getValue());
        stored.setCrc(checksum.getValue());
        zip.putNextEntry(stored);
        zip.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
