package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads bytes as a {@code model.bin} of CTranslate2, with vocabularies beside it. */
public final class CTranslate2Target {
  /** As the documentation of the reader says, and what a configuration takes. */
  private static final AllocationLimit LIMIT = new AllocationLimit(512 << 10, 128);

  private static final InputFile FILES = new InputFile();

  static {
    FILES.write(
        "shared_vocabulary.txt", String.join("\n", SmallCheckpoints.TOKENS).getBytes(UTF_8));
  }

  private CTranslate2Target() {}

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    run(input, Readers::cTranslate2);
  }

  static void run(byte[] input, CheckpointReading.Reader reader) {
    FILES.write("model.bin", input);
    CheckpointReading.run(LIMIT, input.length, FILES.folder(), reader);
  }
}
