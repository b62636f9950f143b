package dev.bcq.benchmarks.measure;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A sample in order, for its quantiles: between two values they are interpolated linearly (type 7
 * of Hyndman and Fan 1996, what R and numpy do).
 */
public final class Spread {
  private final double[] sorted;

  private Spread(double[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Returns the spread of a sample.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static Spread of(double... sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("an empty sample has no quantiles");
    }
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    return new Spread(sorted);
  }

  /** Returns the spread of a property of some items, or null if there are none. */
  static <T> @Nullable Spread of(Collection<T> items, ToDoubleFunction<T> property) {
    return items.isEmpty() ? null : of(items.stream().mapToDouble(property).toArray());
  }

  /**
   * Returns a quantile.
   *
   * @param share 0 for the least value to 1 for the largest
   */
  public double quantile(double share) {
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** Returns the median. */
  public double median() {
    return quantile(0.5);
  }

  /** Returns the first quartile. */
  public double lower() {
    return quantile(0.25);
  }

  /** Returns the third quartile. */
  public double upper() {
    return quantile(0.75);
  }
}
