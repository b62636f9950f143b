package dev.bcq.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A bound of what may be allocated for an input: a constant and a multiple of its length. */
record AllocationLimit(long constant, long multiple) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final BufferPoolMXBean DIRECT =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  private static final int RUNS_AGAIN = 3;

  /** Reads an input of some kind. */
  interface Reading {
    void run();
  }

  /**
   * Runs a reading.
   *
   * @param length bytes of the input
   * @throws AssertionError if it has allocated more than allowed, garbage included, whether or not
   *     it refuses the input in the end
   */
  void check(long length, Reading reading) {
    long most = constant + multiple * length;
    Outcome outcome = Outcome.of(reading);
    // What the first uses of a class allocate, which is instrumented for the fuzzer, is not the
    // input's doing.
    for (int again = 0; outcome.allocated() > most && again < RUNS_AGAIN; again++) {
      outcome = Outcome.of(reading);
    }
    if (outcome.allocated() > most) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%d bytes were allocated for an input of %d bytes; expected at most %d",
              outcome.allocated(),
              length,
              most));
    }
    if (outcome.thrown() != null) {
      throw outcome.thrown();
    }
  }

  /**
   * What a reading did.
   *
   * @param allocated bytes, in the heap and outside
   * @param thrown what it ended with, or null
   */
  private record Outcome(long allocated, @Nullable RuntimeException thrown) {

    static Outcome of(Reading reading) {
      long direct = DIRECT.getMemoryUsed();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      RuntimeException thrown = null;
      try {
        reading.run();
      } catch (RuntimeException e) {
        thrown = e;
      }
      long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
      return new Outcome(heap + Math.max(0, DIRECT.getMemoryUsed() - direct), thrown);
    }
  }
}
