package dev.bcq.converter.checkpoint.pytorch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bcq.converter.checkpoint.pickle.PickleWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files as PyTorch writes them, with one tensor, right or not. */
public final class PyTorchWriter {
  String storageClass = "FloatStorage";
  String key = "0";
  long count = 6;
  long offset;
  long[] shape = {2, 3};
  long[] strides = {3, 1};
  byte[] values = new byte[24];

  /** Returns the pickle of {@code {"a": tensor}}. */
  byte[] pickle(boolean legacy) {
    PickleWriter pickle = new PickleWriter().raw("\u0080\u0002}").text("a");
    pickle.global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
    pickle.global("torch", storageClass).text(key).text("cpu").number(count);
    pickle.raw(legacy ? "NtQ" : "tQ").number(offset);
    numbers(pickle, shape);
    numbers(pickle, strides);
    return pickle.raw("\u0089NtRs").stop();
  }

  private static void numbers(PickleWriter pickle, long... numbers) {
    pickle.raw("(");
    for (long number : numbers) {
      pickle.number(number);
    }
    pickle.raw("t");
  }

  /** Returns an archive. */
  byte[] zip() {
    return zip(
        Map.of(
            "m/data.pkl",
            pickle(false),
            "m/byteorder",
            "little".getBytes(ISO_8859_1),
            "m/data/0",
            values));
  }

  /** Returns an archive of stored entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry stored = new ZipEntry(entry.getKey());
        stored.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        stored.setMethod(ZipEntry.STORED);
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

  /** Returns a file of the format before 1.6. */
  byte[] legacy() {
    return legacy(true, count, key);
  }

  /** Returns such a file with other keys and another count. */
  byte[] legacy(boolean littleEndian, long storedCount, String... keys) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        new PickleWriter().raw("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019").stop());
    bytes.writeBytes(new PickleWriter().raw("\u0080\u0002M\u00e9\u0003").stop());
    bytes.writeBytes(
        new PickleWriter()
            .raw("}")
            .text("little_endian")
            .raw(littleEndian ? "\u0088s" : "\u0089s")
            .stop());
    bytes.writeBytes(pickle(true));
    PickleWriter list = new PickleWriter().raw("](");
    for (String each : keys) {
      list.text(each);
    }
    bytes.writeBytes(list.raw("e").stop());
    ByteBuffer eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(storedCount);
    bytes.writeBytes(eight.array());
    bytes.writeBytes(values);
    return bytes.toByteArray();
  }
}
