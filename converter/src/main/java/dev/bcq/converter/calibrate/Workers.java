package dev.bcq.converter.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CalibrationException("interrupted");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
