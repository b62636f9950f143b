package dev.bcq.runtime.kernels;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that compute the parts of one task after another: the caller's thread and
 * some of its own, which end with the team. Nothing is allocated for a task.
 *
 * <p>Tasks of a few microseconds follow each other closely, so a thread without work looks out for
 * some for a while before it sleeps, and nobody waits for one that is asleep: each thread has a
 * share of the parts, and whoever is done with its own takes from those of the others. What threads
 * tell each other lies on lines of the cache that hold nothing else, and each writes its own where
 * it can: a line takes about 100 nanoseconds from one core to another.
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

  /**
   * How long a thread waits before it lets others have its core, in case that whom it waits for is
   * one of them.
   */
  private static final long ALONE_NANOSECONDS = 20_000;

  private static final int LOOKS_PER_CLOCK = 16;

  /** Bytes that one core reads while two would tell each other of them. */
  private static final long LEAST_BYTES = 48 << 10;

  /** Bytes of a part of a long task, of which each thread has several, so that all end together. */
  private static final long PART_BYTES = 512 << 10;

  private static final int MOST_PARTS = 8;

  // A word is the number of a task and a count of its parts. Two lines of the cache are a word's
  // own, for CPUs fetch them in pairs.
  private static final int COUNT_BITS = 16;
  private static final int COUNT = (1 << COUNT_BITS) - 1;
  private static final int APART = 16;

  /** The present task and how many parts it has. */
  private static final int PRESENT = APART;

  private final Thread[] others;
  private final AtomicLongArray words;
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
    words = new AtomicLongArray((2 + 3 * size) * APART);
    for (int i = 0; i < others.length; i++) {
      int member = i + 1;
      others[i] = new Thread(() -> serve(member), "bcq-team-" + member);
      others[i].setDaemon(true);
      others[i].start();
    }
  }

  /** Returns the number of threads, the caller's among them. */
  public int size() {
    return others.length + 1;
  }

  /** Returns the index of the word: the last task of which a share was begun, parts taken of it. */
  private int taken(int member) {
    return (2 + member) * APART;
  }

  /** Returns the index of the word: the last task that a member worked at, parts that it did. */
  private int computed(int member) {
    return (2 + size() + member) * APART;
  }

  /** Returns the index of the word: 1 where a member sleeps. */
  private int asleep(int member) {
    return (2 + 2 * size() + member) * APART;
  }

  /**
   * Returns in how many parts a task is best computed: 1 if sharing would take longer.
   *
   * @param bytes bytes that it reads, for each column anew
   */
  public int parts(long bytes) {
    if (others.length == 0 || bytes < LEAST_BYTES) {
      return 1;
    }
    return size() * (int) Math.max(1, Math.min(MOST_PARTS, bytes / (size() * PART_BYTES)));
  }

  /**
   * Computes a task. Not for several callers at once.
   *
   * @param parts 1 .. 65535; the caller computes a single one alone
   */
  public void run(Task next, int parts) {
    if (others.length == 0 || parts == 1) {
      for (int part = 0; part < parts; part++) {
        next.compute(part, parts);
      }
      return;
    }
    task = next;
    long number = (words.get(PRESENT) >>> COUNT_BITS) + 1;
    words.set(PRESENT, number << COUNT_BITS | parts);
    for (int i = 0; i < others.length; i++) {
      if (words.get(asleep(i + 1)) != 0) {
        LockSupport.unpark(others[i]);
      }
    }
    work(0, number, parts);
    await(number, parts);
    rethrow();
  }

  @SuppressWarnings("ThreadPriorityCheck") // A hint is what is meant.
  private void await(long number, int parts) {
    long begin = 0;
    for (int looks = 1; !isDone(number, parts); looks++) {
      if (looks % LOOKS_PER_CLOCK == 0) {
        long now = System.nanoTime();
        begin = begin == 0 ? now : begin;
        if (now - begin > ALONE_NANOSECONDS) {
          Thread.yield();
        }
      }
    }
  }

  private boolean isDone(long number, int parts) {
    int done = 0;
    for (int member = 0; member < size(); member++) {
      long word = words.get(computed(member));
      if (word >>> COUNT_BITS == number) {
        done += (int) (word & COUNT);
      }
    }
    return done == parts;
  }

  private void rethrow() {
    Throwable thrown = failure;
    if (thrown == null) {
      return;
    }
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Computes parts of a task while there are any that nobody has taken, one's own share first. */
  private void work(int member, long number, int parts) {
    int done = 0;
    for (int i = 0; i < size(); i++) {
      int share = (member + i) % size();
      int first = parts * share / size();
      int count = parts * (share + 1) / size() - first;
      for (int part = take(share, number, count); part >= 0; part = take(share, number, count)) {
        compute(first + part, parts);
        words.lazySet(computed(member), number << COUNT_BITS | ++done);
      }
    }
  }

  /** Returns the next part of a share of a task, or -1 if all are taken. */
  private int take(int share, long number, int count) {
    while (true) {
      long word = words.get(taken(share));
      // A thread that comes late finds its task ended and a later one begun.
      int part = word >>> COUNT_BITS == number ? (int) (word & COUNT) : 0;
      if (word >>> COUNT_BITS > number || part == count) {
        return -1;
      }
      if (words.compareAndSet(taken(share), word, number << COUNT_BITS | part + 1)) {
        return part;
      }
    }
  }

  // Whoever has taken a part sees its task: the next one does not begin before this part is done.
  private void compute(int part, int parts) {
    try {
      Task present = task;
      if (present != null) {
        present.compute(part, parts);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private void serve(int member) {
    long done = 0;
    while (!closed) {
      long present = awaitTask(member, done);
      if (present != done) {
        work(member, present >>> COUNT_BITS, (int) (present & COUNT));
        done = present;
      }
    }
  }

  /** Returns the present task once it is another one, or when it is time to go. */
  @SuppressWarnings("ThreadPriorityCheck") // As in await.
  private long awaitTask(int member, long done) {
    long begin = System.nanoTime();
    for (int looks = 1; words.get(PRESENT) == done && !closed; looks++) {
      if (looks % LOOKS_PER_CLOCK == 0) {
        long waited = System.nanoTime() - begin;
        if (waited > AWAKE_NANOSECONDS) {
          sleep(member, done);
        } else if (waited > ALONE_NANOSECONDS) {
          Thread.yield();
        }
      }
    }
    return words.get(PRESENT);
  }

  private void sleep(int member, long done) {
    words.set(asleep(member), 1);
    while (words.get(PRESENT) == done && !closed) {
      LockSupport.park(this);
    }
    words.set(asleep(member), 0);
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
