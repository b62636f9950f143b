package dev.bcq.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** A bound of what may be allocated for an input: a constant and a multiple of its length. */
record AllocationLimit(long constant, long multiple) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final BufferPoolMXBean DIRECT =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  /** Reads an input of some kind. */
  interface Reading {
    void run();
  }

  /**
   * Runs a reading.
   *
   * @param length bytes of the input
   * @throws AssertionError if it has allocated more than allowed, garbage included
   */
  void check(long length, Reading reading) {
    long most = constant + multiple * length;
    // What the first use of a class allocates is not the input's doing.
    if (allocated(reading) > most) {
      long found = allocated(reading);
      if (found > most) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%d bytes were allocated for an input of %d bytes; expected at most %d",
                found,
                length,
                most));
      }
    }
  }

  private static long allocated(Reading reading) {
    long direct = DIRECT.getMemoryUsed();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    reading.run();
    long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
    return heap + Math.max(0, DIRECT.getMemoryUsed() - direct);
  }
}
