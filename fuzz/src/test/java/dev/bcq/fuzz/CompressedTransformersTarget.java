package dev.bcq.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * Reads bytes as a model of Compressed-Transformers, all its forms in turn. The first byte of an
 * input says how the others become the file.
 */
public final class CompressedTransformersTarget {
  /** The bytes are the whole file; else they are the pickle in one that is right. */
  static final int WHOLE = 1;

  private static final String TINY = "compressedtransformers/tiny.pth";
  private static final AllocationLimit LIMIT = new AllocationLimit(1 << 20, 256);
  private static final InputFile FILES = new InputFile();

  private CompressedTransformersTarget() {}

  /** Returns inputs that are right. */
  static List<byte[]> seeds() {
    return List.of(
        Seeds.with(0, PyTorchFiles.pickleOf(TINY)),
        Seeds.with(WHOLE, ConverterFixtures.read(TINY)));
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::compressedTransformers);
  }

  static void run(byte[] input, CheckpointReading.Reader reader) {
    if (input.length < 1) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    byte[] file = (input[0] & WHOLE) != 0 ? bytes : PyTorchFiles.withPickle(TINY, bytes);
    FILES.write("model.pth", file);
    CheckpointReading.run(LIMIT, file.length, FILES.folder(), reader);
  }
}
