package dev.bcq.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads bytes as a model of transformer_bcq. The first byte of an input says how the others become
 * the files.
 */
public final class TransformerBcqTarget {
  /** The bytes are a {@code .bcq.npy} file. */
  static final int QUANTIZED = 0;

  /** The bytes are a whole index of TensorFlow. */
  static final int INDEX = 1;

  /** The bytes are the entries of an index that is right otherwise, checksums included. */
  static final int ENTRIES = 2;

  private static final String DATA = "transformerbcq/tiny.data-00000-of-00001";
  private static final AllocationLimit LIMIT = new AllocationLimit(1 << 20, 256);
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER = 48;
  private static final int TRAILER = 5;
  private static final int RESTARTS = 8;
  private static final InputFile QUANTIZED_FILES = new InputFile();
  private static final InputFile BUNDLES = new InputFile();

  static {
    BUNDLES.write("model.data-00000-of-00001", ConverterFixtures.read(DATA));
  }

  private TransformerBcqTarget() {}

  /** Returns inputs that are right, one of each kind. */
  static List<byte[]> seeds() {
    return List.of(
        Seeds.with(QUANTIZED, ConverterFixtures.read("transformerbcq/tiny.bcq.npy")),
        Seeds.with(INDEX, ConverterFixtures.read("transformerbcq/tiny.index")),
        Seeds.with(ENTRIES, ConverterFixtures.read("transformerbcq/tiny.entries")));
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::transformerBcq);
  }

  static void run(byte[] input, CheckpointReading.Reader reader) {
    if (input.length < 1) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    if (input[0] == QUANTIZED) {
      QUANTIZED_FILES.write("model.bcq.npy", bytes);
      CheckpointReading.run(LIMIT, bytes.length, QUANTIZED_FILES.folder(), reader);
    } else {
      byte[] index = input[0] == INDEX ? bytes : index(bytes);
      BUNDLES.write("model.index", index);
      CheckpointReading.run(LIMIT, index.length, BUNDLES.folder(), reader);
    }
  }

  /** Returns a table of one block, which holds the entries given, with right checksums. */
  private static byte[] index(byte[] entries) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    byte[] filters = block(file, new byte[0]);
    byte[] handle = block(file, entries);
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    list.writeBytes(new byte[] {0, 1, (byte) handle.length, 'z'});
    list.writeBytes(handle);
    byte[] blocks = block(file, list.toByteArray());
    byte[] footer = new byte[FOOTER];
    ByteBuffer.wrap(footer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(filters)
        .put(blocks)
        .putLong(FOOTER - Long.BYTES, MAGIC);
    file.writeBytes(footer);
    return file.toByteArray();
  }

  /** Adds a block with one restart; returns where it lies. */
  private static byte[] block(ByteArrayOutputStream file, byte[] content) {
    byte[] block = new byte[content.length + RESTARTS + TRAILER];
    ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(content).putInt(0).putInt(1).put((byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(block, 0, block.length - Integer.BYTES);
    buffer.putInt(Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
    ByteArrayOutputStream handle = new ByteArrayOutputStream();
    number(handle, file.size());
    number(handle, block.length - TRAILER);
    file.writeBytes(block);
    return handle.toByteArray();
  }

  private static void number(ByteArrayOutputStream to, int value) {
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      to.write((rest & 0x7f) | 0x80);
    }
    to.write(rest);
  }
}
