package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads bytes as a model of Marian. The first byte of an input says how the others become the
 * files.
 */
public final class MarianTarget {
  /** The bytes are the whole archive; else they are the options in one that is right. */
  static final int WHOLE = 1;

  /** The bytes are the vocabulary beside an archive that is right. */
  static final int VOCABULARY = 2;

  /** Each event of the YAML parser, which a character may make, takes some hundred bytes. */
  private static final AllocationLimit LIMIT = new AllocationLimit(1 << 20, 512);

  private static final InputFile FILES = new InputFile();
  private static final byte[] TOKENS = "</s>: 0\n<unk>: 1\n<s>: 2\n".getBytes(UTF_8);
  private static final byte[] OPTIONS = SmallCheckpoints.OPTIONS.getBytes(UTF_8);

  private MarianTarget() {}

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::marian);
  }

  static void run(byte[] input, CheckpointReading.Reader reader) {
    if (input.length < 1) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    boolean vocabulary = (input[0] & VOCABULARY) != 0;
    byte[] archive =
        !vocabulary && (input[0] & WHOLE) != 0
            ? bytes
            : SmallCheckpoints.npz(vocabulary ? OPTIONS : bytes);
    byte[] tokens = vocabulary ? bytes : TOKENS;
    FILES.write("model.npz", archive);
    FILES.write("vocab.yml", tokens);
    CheckpointReading.run(LIMIT, archive.length + tokens.length, FILES.folder(), reader);
  }
}
