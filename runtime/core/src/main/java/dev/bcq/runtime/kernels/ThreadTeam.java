package dev.bcq.runtime.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that compute the parts of one task after another: the caller's thread and
 * some of its own, which end with the team. Nothing is allocated for a task.
 *
 * <p>Tasks of a few microseconds follow each other closely, so a thread without work looks out for
 * some for a while before it sleeps, and nobody waits for one that is asleep: parts belong to whom
 * takes them first, and the caller takes all that are left.
 */
public final class ThreadTeam implements AutoCloseable {

  /** Work in parts that do not depend on each other. */
  public interface Task {

    /**
     * Computes a part.
     *
     * @param part 0 .. parts - 1
     */
    void compute(int part, int parts);
  }

  /** A team of the caller alone, for any number of callers. */
  public static final ThreadTeam SINGLE = new ThreadTeam(1);

  /**
   * How long a thread looks out for work: longer than anything that the caller does alone within a
   * step, for waking a thread takes tens of microseconds, on virtual machines more.
   */
  private static final long AWAKE_NANOSECONDS = 1_000_000;

  private static final int LOOKS_PER_CLOCK = 16;
  private static final int LOOKS_BEFORE_PAUSE = 4096;
  private static final int PARTS_BITS = 16;

  private final Thread[] others;
  private final AtomicIntegerArray asleep;

  /** Number of the present task, then that of its next part. */
  private final AtomicLong place = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param size threads of the team, the caller's among them
   */
  public ThreadTeam(int size) {
    others = new Thread[size - 1];
    asleep = new AtomicIntegerArray(size);
    for (int i = 0; i < others.length; i++) {
      int number = i;
      others[i] = new Thread(() -> serve(number), "bcq-team-" + (i + 1));
      others[i].setDaemon(true);
      others[i].start();
    }
  }

  /** Returns the number of threads, the caller's among them. */
  public int size() {
    return others.length + 1;
  }

  /**
   * Computes a task, in as many parts as there are threads. Not for several callers at once.
   *
   * @param worthwhile whether the task is large enough to be shared; else the caller computes it
   */
  public void run(Task next, boolean worthwhile) {
    if (others.length == 0 || !worthwhile) {
      next.compute(0, 1);
      return;
    }
    task = next;
    unfinished.set(size());
    long number = (place.get() >>> PARTS_BITS) + 1;
    place.set(number << PARTS_BITS);
    for (int i = 0; i < others.length; i++) {
      if (asleep.get(i) != 0) {
        LockSupport.unpark(others[i]);
      }
    }
    computeParts(number);
    for (int looks = 1; unfinished.get() > 0; looks++) {
      // On a busy machine the thread that has the last part may not even run.
      if (looks % LOOKS_BEFORE_PAUSE == 0) {
        LockSupport.parkNanos(this, 1);
      }
    }
    rethrow();
  }

  private void rethrow() {
    Throwable thrown = failure;
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Computes parts of a task while there are any that nobody has taken. */
  private void computeParts(long number) {
    int parts = size();
    long here = place.get();
    while (here >>> PARTS_BITS == number && (here & 0xffff) < parts) {
      if (place.compareAndSet(here, here + 1)) {
        computePart((int) (here & 0xffff), parts);
      }
      here = place.get();
    }
  }

  // Whoever has taken a part sees its task: the next one does not begin before this part is done.
  private void computePart(int part, int parts) {
    try {
      Task present = task;
      if (present != null) {
        present.compute(part, parts);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      unfinished.decrementAndGet();
    }
  }

  private void serve(int number) {
    long done = 0;
    while (!closed) {
      long present = awaitTask(number, done);
      if (present != done) {
        computeParts(present);
        done = present;
      }
    }
  }

  /** Returns the number of the present task once it is another one, or when it is time to go. */
  private long awaitTask(int number, long done) {
    long end = System.nanoTime() + AWAKE_NANOSECONDS;
    for (int looks = 1; place.get() >>> PARTS_BITS == done && !closed; looks++) {
      if (looks % LOOKS_PER_CLOCK == 0 && System.nanoTime() - end > 0) {
        asleep.set(number, 1);
        while (place.get() >>> PARTS_BITS == done && !closed) {
          LockSupport.park(this);
        }
        asleep.set(number, 0);
      }
    }
    return place.get() >>> PARTS_BITS;
  }

  /** Lets the threads end, and waits for that. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Thread thread : others) {
      LockSupport.unpark(thread);
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
