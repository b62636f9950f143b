package dev.bcq.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How a batch is worked on. None of it changes what is found: ids and score bits of a segment are
 * those that it has alone.
 *
 * <p>What a batch holds does not grow with its length, but for the translations. A segment at work
 * needs the keys and values of its source ({@code 2 * decoder layers * source tokens * attention
 * width}) and of its hypotheses ({@code 2 * decoder layers * beams * target tokens * attention
 * width}), a byte each, or a float in exact arithmetic and where matrices are floats, and {@code
 * beams} rows of logits. With less memory than the segments could need, fewer are at work together:
 * at least one for each thread.
 *
 * @param segments most segments that a thread computes together; 1 = one after another
 * @param threads threads that work, the caller's among them; the others end with the call. Where
 *     there are fewer segments than threads, several share the matrices of one, those that are
 *     large enough
 * @param memory most bytes that the segments at work may need
 * @param listener is told of each translation as it ends, or null
 * @param cancellation handle that ends the call, or null
 */
public record BatchOptions(
    int segments,
    int threads,
    long memory,
    @Nullable BatchListener listener,
    @Nullable Cancellation cancellation) {

  /** Eight segments together on the caller's thread, in at most a quarter of the heap. */
  public static final BatchOptions DEFAULT =
      new BatchOptions(8, 1, Runtime.getRuntime().maxMemory() / 4, null, null);

  /**
   * Checks the numbers.
   *
   * @throws TranslationException if a number is below 1
   */
  public BatchOptions {
    require("segments", segments);
    require("threads", threads);
    require("memory", memory);
  }

  /** Returns these options with another number of segments. */
  public BatchOptions withSegments(int number) {
    return new BatchOptions(number, threads, memory, listener, cancellation);
  }

  /** Returns these options with another number of threads. */
  public BatchOptions withThreads(int number) {
    return new BatchOptions(segments, number, memory, listener, cancellation);
  }

  /** Returns these options with another bound of memory, in bytes. */
  public BatchOptions withMemory(long bytes) {
    return new BatchOptions(segments, threads, bytes, listener, cancellation);
  }

  /** Returns these options with another listener. */
  public BatchOptions withListener(BatchListener other) {
    return new BatchOptions(segments, threads, memory, other, cancellation);
  }

  /** Returns these options with another handle. */
  public BatchOptions withCancellation(Cancellation handle) {
    return new BatchOptions(segments, threads, memory, listener, handle);
  }

  private static void require(String name, long found) {
    if (found < 1) {
      throw new TranslationException(name + " is " + found + "; allowed: 1 or more");
    }
  }
}
