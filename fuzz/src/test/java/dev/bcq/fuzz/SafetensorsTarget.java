package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Reads bytes as weights of a checkpoint. The first byte of an input says how the others become the
 * files, the second how many values follow the header.
 */
public final class SafetensorsTarget {
  /** The bytes are the whole file; else they are its header, and the lengths are right. */
  static final int WHOLE = 1;

  /** The bytes are the index; what it may name is a small file. */
  static final int INDEX = 2;

  /** As the documentation of the reader says. */
  private static final AllocationLimit LIMIT = new AllocationLimit(256 << 10, 128);

  private static final String SINGLE = "model.safetensors";
  private static final String INDEX_FILE = "model.safetensors.index.json";
  private static final String SHARD = "a.safetensors";
  private static final byte[] SHARD_BYTES =
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".getBytes(UTF_8), 1);
  private static final InputFile FILES = new InputFile();

  private SafetensorsTarget() {}

  /** What reads the weights of a folder. */
  interface Reader {
    Map<String, TensorSource> read(Path folder, Arena arena);
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::weights);
  }

  static void run(byte[] input, Reader reader) {
    if (input.length < 2) {
      return;
    }
    int length = write(input[0], input[1] & 0xff, Arrays.copyOfRange(input, 2, input.length));
    try {
      LIMIT.check(length, () -> read(reader));
    } catch (CheckpointException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("there is no message", e);
      }
    }
  }

  /** Writes the files and returns their length. */
  private static int write(int control, int values, byte[] bytes) {
    if ((control & INDEX) != 0) {
      FILES.delete(SINGLE);
      FILES.write(SHARD, SHARD_BYTES);
      FILES.write(INDEX_FILE, bytes);
      return bytes.length + SHARD_BYTES.length;
    }
    byte[] file = (control & WHOLE) != 0 ? bytes : file(bytes, values);
    FILES.write(SINGLE, file);
    return file.length;
  }

  /** Returns a file with a header and zeros, four bytes for each value. */
  static byte[] file(byte[] header, int values) {
    ByteBuffer file = ByteBuffer.allocate(8 + header.length + 4 * values);
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
    return file.array();
  }

  private static void read(Reader reader) {
    try (Arena arena = Arena.ofConfined()) {
      TensorSource former = null;
      for (TensorSource tensor : reader.read(FILES.folder(), arena).values()) {
        int count = tensor.readAll().length;
        if (count != tensor.shape().stream().reduce(1L, (a, b) -> a * b)) {
          throw new AssertionError(tensor.name() + " has " + count + " values, " + tensor.shape());
        }
        if (former != null
            && former.byteSize() > 0
            && tensor.sameAs(former) != former.sameAs(tensor)) {
          throw new AssertionError(tensor.name() + " and " + former.name() + " are half the same");
        }
        former = tensor;
      }
    }
  }
}
