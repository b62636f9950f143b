package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Reads bytes as weights of PyTorch. The first byte of an input says how the others become the
 * file, the second how many bytes a storage has.
 */
public final class PyTorchTarget {
  /** The bytes are the whole file; else they are its pickle in an archive that is right. */
  static final int WHOLE = 1;

  /** As the documentation of the reader says. */
  private static final AllocationLimit LIMIT = new AllocationLimit(256 << 10, 128);

  private static final int BLOCK = 256;
  private static final int MOST_VALUES = 1 << 16;
  private static final InputFile FILES = new InputFile();
  private static final float[] FLOATS = new float[BLOCK];
  private static final long[] INTEGERS = new long[BLOCK];

  private PyTorchTarget() {}

  /** What reads the weights of a file. */
  interface Reader {
    Map<String, TensorSource> read(Path file, Arena arena);
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::pyTorch);
  }

  static void run(byte[] input, Reader reader) {
    if (input.length < 2) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
    byte[] file = (input[0] & WHOLE) != 0 ? bytes : archive(bytes, input[1] & 0xff);
    Path path = FILES.write("weights.bin", file);
    try {
      LIMIT.check(file.length, () -> read(path, file.length, reader));
    } catch (CheckpointException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("there is no message", e);
      }
    }
  }

  private static byte[] archive(byte[] pickle, int values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "a/data.pkl", pickle);
      add(zip, "a/byteorder", "little".getBytes(ISO_8859_1));
      add(zip, "a/data/0", new byte[values]);
      add(zip, "a/data/1", new byte[8]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }

  private static void read(Path path, int length, Reader reader) {
    try (Arena arena = Arena.ofConfined()) {
      TensorSource former = null;
      for (TensorSource tensor : reader.read(path, arena).values()) {
        long count = tensor.shape().contains(0L) ? 0 : product(tensor);
        if (count != tensor.count() || tensor.byteSize() > length) {
          throw new AssertionError(
              tensor.name() + " has " + tensor.count() + " values, " + tensor.shape());
        }
        readAll(tensor);
        if (former != null && tensor.sameAs(former) != former.sameAs(tensor)) {
          throw new AssertionError(tensor.name() + " and " + former.name() + " are half the same");
        }
        former = tensor;
      }
    }
  }

  private static long product(TensorSource tensor) {
    return tensor.shape().stream().reduce(1L, Math::multiplyExact);
  }

  private static void readAll(TensorSource tensor) {
    for (long from = 0; from < Math.min(MOST_VALUES, tensor.count()); from += BLOCK) {
      int size = (int) Math.min(BLOCK, tensor.count() - from);
      tensor.read(from, FLOATS, 0, size);
      if (!tensor.type().isFloat()) {
        tensor.readIntegers(from, INTEGERS, 0, size);
      }
    }
  }
}
