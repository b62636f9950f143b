package dev.bcq.fuzz;

import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Reads a checkpoint and all its weights, or sees it refused with a message. */
final class CheckpointReading {
  private static final int BLOCK = 256;
  private static final int MOST_VALUES = 1 << 16;
  private static final float[] VALUES = new float[BLOCK];

  private CheckpointReading() {}

  /** What reads a checkpoint. */
  interface Reader {
    Checkpoint read(Path path, Arena arena);
  }

  /**
   * Reads within a limit.
   *
   * @param length bytes of the files
   */
  static void run(AllocationLimit limit, int length, Path path, Reader reader) {
    try {
      limit.check(length, () -> read(path, reader));
    } catch (CheckpointException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("there is no message", e);
      }
    }
  }

  private static void read(Path path, Reader reader) {
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = reader.read(path, arena);
      checkpoint.matrices().values().forEach(CheckpointReading::readAll);
      checkpoint.tensors().values().forEach(tensor -> readAll(tensor.source()));
    }
  }

  private static void readAll(TensorSource tensor) {
    for (long from = 0; from < Math.min(MOST_VALUES, tensor.count()); from += BLOCK) {
      tensor.read(from, VALUES, 0, (int) Math.min(BLOCK, tensor.count() - from));
    }
  }
}
