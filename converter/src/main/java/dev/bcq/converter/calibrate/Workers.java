package dev.bcq.converter.calibrate;

import dev.bcq.console.CommandException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The threads of a conversion. */
public final class Workers implements AutoCloseable {
  private final int count;
  private final ExecutorService threads;

  /** Starts threads. */
  public Workers(int count) {
    this.count = count;
    this.threads = Executors.newFixedThreadPool(count);
  }

  /** Returns the number of threads. */
  public int count() {
    return count;
  }

  /**
   * Applies a function to all values, side by side; returns the results in the values' order.
   *
   * @throws RuntimeException what the function throws
   */
  public <T, R> List<R> map(List<T> values, Function<T, R> function) {
    List<Callable<R>> tasks = new ArrayList<>();
    values.forEach(value -> tasks.add(() -> function.apply(value)));
    try {
      List<R> results = new ArrayList<>();
      for (Future<R> future : threads.invokeAll(tasks)) {
        results.add(result(future));
      }
      return results;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Applies a function to all values, a few of them ahead of the one whose result is used.
   *
   * @param user takes each value and its result, in the values' order
   * @throws RuntimeException what the function throws
   */
  public <T, R> void each(List<T> values, Function<T, R> function, BiConsumer<T, R> user) {
    Deque<Future<R>> pending = new ArrayDeque<>();
    int submitted = 0;
    for (T value : values) {
      while (submitted < values.size() && pending.size() <= count) {
        T ahead = values.get(submitted++);
        pending.add(threads.submit(() -> function.apply(ahead)));
      }
      try {
        user.accept(value, result(pending.remove()));
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static <R> R result(Future<R> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static CommandException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandException("interrupted", e);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
