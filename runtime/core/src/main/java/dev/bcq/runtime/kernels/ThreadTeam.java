package dev.bcq.runtime.kernels;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that compute one task after another together: the caller's thread and
 * some of its own, which end with the team. Nothing is allocated for a task.
 *
 * <p>All members run through the whole task in step. What is cheap each computes for itself, what
 * is dear they share out, and where one needs what others have computed, all wait for each other
 * ({@link Member#await}). So hardly anything goes from one core to another but results, which is
 * what takes time: a line of the cache takes about 100 nanoseconds. What threads tell each other
 * lies on lines that hold nothing else, and each writes its own.
 *
 * <p>A thread that waits looks out for a while before it sleeps: waking one takes tens of
 * microseconds.
 */
public final class ThreadTeam implements AutoCloseable {

  /** Work that members do together. */
  public interface Task {

    /** Does a member's share. */
    void compute(Member member);
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

  private static final int LOOKS_PER_CLOCK = 64;

  /** Bytes that one core reads while two would wait for each other. */
  private static final long LEAST_BYTES = 24 << 10;

  // A word is the number of a task, and behind it a count. Two lines of the cache are a word's own,
  // for CPUs fetch them in pairs.
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final int APART = 16;

  /** The number of the present task, and how many members compute it. */
  private static final int PRESENT = APART;

  /** The present task among references, which are half as long as words or as long. */
  private static final int TASK = 2 * APART;

  private final Member[] members;
  private final Thread[] others;
  private final AtomicLongArray words;
  private final AtomicReferenceArray<@Nullable Task> tasks;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** A thread of a team at work. */
  public static final class Member {
    private final ThreadTeam team;
    private final int number;

    /** Members that compute the present task. */
    private int count = 1;

    private Member(ThreadTeam team, int number) {
      this.team = team;
      this.number = number;
    }

    /** Returns the number of this member, 0 for the caller. */
    public int number() {
      return number;
    }

    /** Returns the first one of this member's units of work. */
    public int from(int units) {
      return (int) ((long) units * number / count);
    }

    /** Returns the end of this member's units of work. */
    public int to(int units) {
      return (int) ((long) units * (number + 1) / count);
    }

    /**
     * Waits until all members have come to this point of the task, and sees what they have written
     * until then.
     */
    public void await() {
      if (count > 1) {
        team.await(this);
      }
    }
  }

  /**
   * Starts the threads.
   *
   * @param size threads of the team, the caller's among them
   */
  public ThreadTeam(int size) {
    words = new AtomicLongArray((2 + 2 * size) * APART);
    tasks = new AtomicReferenceArray<>(2 * TASK);
    members = new Member[size];
    for (int i = 0; i < size; i++) {
      members[i] = new Member(this, i);
    }
    others = new Thread[size - 1];
    for (int i = 0; i < others.length; i++) {
      Member member = members[i + 1];
      others[i] = new Thread(() -> serve(member), "bcq-team-" + member.number);
      others[i].setDaemon(true);
      others[i].start();
    }
  }

  /** Returns the number of threads, the caller's among them. */
  public int size() {
    return members.length;
  }

  /**
   * Returns a member.
   *
   * @param number 0 .. size - 1
   */
  public Member member(int number) {
    return members[number];
  }

  /**
   * Returns the index of the word: how often a member has waited in a task, {@code COUNT} behind
   * it.
   */
  private int reached(int member) {
    return (2 + member) * APART;
  }

  /** Returns the index of the word: 1 where a member sleeps. */
  private int asleep(int member) {
    return (2 + size() + member) * APART;
  }

  /**
   * Returns how many members compute a task best: one if waiting for others would take longer.
   *
   * @param bytes bytes that are read between one point where members wait and the next, for each
   *     column anew
   */
  public int members(long bytes) {
    return bytes < LEAST_BYTES ? 1 : size();
  }

  /**
   * Computes a task. Not for several callers at once.
   *
   * @param count members that compute it: the caller alone, or all
   */
  public void run(Task task, int count) {
    Member caller = members[0];
    if (count == 1) {
      if (size() > 1) {
        caller.count = 1;
      }
      task.compute(caller);
      return;
    }
    tasks.lazySet(TASK, task);
    long number = (words.get(PRESENT) >>> COUNT_BITS) + 1;
    words.set(PRESENT, number << COUNT_BITS | count);
    for (int i = 0; i < others.length; i++) {
      if (words.get(asleep(i + 1)) != 0) {
        LockSupport.unpark(others[i]);
      }
    }
    compute(caller, task, number << COUNT_BITS | count);
    awaitOthers(0, number << COUNT_BITS | COUNT);
    rethrow();
  }

  /** Does a member's share, and says so. One that fails waits no more, and nobody waits for it. */
  private void compute(Member member, Task task, long present) {
    try {
      member.count = (int) (present & COUNT);
      task.compute(member);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      words.lazySet(reached(member.number), present | COUNT);
    }
  }

  private void await(Member member) {
    int own = reached(member.number);
    long former = words.get(own);
    long number = words.get(PRESENT) >>> COUNT_BITS;
    long reached = (former >>> COUNT_BITS == number ? former : number << COUNT_BITS) + 1;
    words.lazySet(own, reached);
    awaitOthers(member.number, reached);
  }

  @SuppressWarnings("ThreadPriorityCheck") // A hint is what is meant.
  private void awaitOthers(int member, long wanted) {
    long begin = 0;
    int looks = 0;
    for (int other = 0; other < size(); other++) {
      while (other != member && words.get(reached(other)) < wanted) {
        if (++looks % LOOKS_PER_CLOCK == 0) {
          long now = System.nanoTime();
          begin = begin == 0 ? now : begin;
          if (now - begin > ALONE_NANOSECONDS) {
            Thread.yield();
          }
        }
      }
    }
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

  private void serve(Member member) {
    long done = 0;
    while (!closed) {
      long present = awaitTask(member.number, done);
      Task task = tasks.get(TASK);
      if (present != done && task != null) {
        compute(member, task, present);
        done = present;
      }
    }
  }

  /** Returns the word of the present task once it is another one, or when it is time to go. */
  @SuppressWarnings("ThreadPriorityCheck") // As in awaitOthers.
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
