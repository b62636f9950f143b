package dev.bcq.demo;

import java.util.Collection;

/** A sample in order; between two values its quantiles are interpolated linearly. */
final class Quantiles {
  private final double[] sorted;

  private Quantiles(double[] sorted) {
    this.sorted = sorted;
  }

  /** Returns the quantiles of a sample; all are not a number if it is empty. */
  static Quantiles of(Collection<Double> sample) {
    return new Quantiles(sample.stream().mapToDouble(Double::doubleValue).sorted().toArray());
  }

  /**
   * Returns a quantile.
   *
   * @param share 0 for the least value to 1 for the largest
   */
  double at(double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  double median() {
    return at(0.5);
  }
}
