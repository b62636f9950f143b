package dev.bcq.cli;

import dev.bcq.runtime.BatchListener;
import dev.bcq.runtime.Translation;

/**
 * Keeps the heap about as small as it can be while much is translated. What a sentence needs lives
 * too long for the young generation, and the serial collector leaves the old one alone until the
 * heap is as large as the machine allows.
 */
final class SmallHeap implements BatchListener {
  /** Bytes of garbage that are worth a collection of some milliseconds. */
  private static final long GARBAGE = 8 << 20;

  private final Runtime runtime = Runtime.getRuntime();
  private long kept = used();

  @Override
  public synchronized void translated(int segment, Translation translation, int done, int total) {
    if (used() - kept > GARBAGE) {
      System.gc();
      kept = used();
    }
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
