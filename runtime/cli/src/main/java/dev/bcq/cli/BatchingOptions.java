package dev.bcq.cli;

import dev.bcq.console.Usage;
import dev.bcq.runtime.BatchOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How much is computed at a time. Translations do not depend on it. */
final class BatchingOptions {
  /** Enough for some sentences of usual length at once; long ones are computed alone. */
  private static final long MOST_BYTES = 8 << 20;

  private static final int MOST_SEGMENTS = 4096;
  private static final int MOST_THREADS = 1024;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Segments that a thread computes together (default: 8).")
  private int segments = BatchOptions.DEFAULT.segments();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads (default: one for each processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Returns the options.
   *
   * @throws ParameterException if a number is out of range
   */
  BatchOptions options() {
    Usage.range(command, "--batch-size", segments, 1, MOST_SEGMENTS);
    Usage.range(command, "--threads", threads, 1, MOST_THREADS);
    return BatchOptions.DEFAULT
        .withSegments(segments)
        .withThreads(threads)
        .withMemory(Math.min(MOST_BYTES, BatchOptions.DEFAULT.memory()))
        .withListener(new SmallHeap());
  }
}
