package dev.bcq.converter.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes weights that are sums of scaled signs already, as retraining leaves them, and takes
 * them over without loss.
 *
 * <p>The recovered scales are canonical: not negative, descending, multiples of the ulp of the
 * row's largest level. So every signed sum is exact in float32, and recovering what was recovered
 * changes nothing.
 */
final class ExactRecovery {
  /**
   * Equal levels of a row differ by float rounding only: this part of the row's largest magnitude.
   */
  private static final double EQUAL = 1e-6;

  /** Largest error of a recovered weight, relative to the row's largest magnitude. */
  private static final double EXACT = 1e-6;

  /** Times that a row is recovered in search of a form that stays. */
  private static final int MOST_ROUNDS = 8;

  private final int cols;
  private final int mostPlanes;
  private final double[] magnitudes;

  /**
   * Prepares for rows of a width. Only as many planes are looked for as have twice their levels in
   * columns: in fewer columns anything looks like levels.
   */
  ExactRecovery(int cols) {
    this.cols = cols;
    int planes = 0;
    while (planes < 8 && 1 << (planes + 2) <= cols) {
      planes++;
    }
    this.mostPlanes = planes;
    this.magnitudes = new double[cols];
  }

  /** Returns the smallest number of planes that holds a row without loss, or 0 if none does. */
  int planes(float[] row) {
    for (int planes = 1; planes <= mostPlanes; planes++) {
      if (scales(row, planes) != null) {
        return planes;
      }
    }
    return 0;
  }

  /**
   * Returns the scales that hold a row without loss in a number of planes, or null. Where planes
   * tie, rounding may choose other ones for the recovered row; so recovery goes on until it finds
   * what it has found before.
   */
  float @Nullable [] scales(float[] row, int planes) {
    float[] scales = once(row, planes);
    float[] stored = new float[cols];
    for (int i = 0; i < MOST_ROUNDS && scales != null; i++) {
      Levels levels = new Levels(planes);
      levels.set(scales, 0f);
      for (int col = 0; col < cols; col++) {
        stored[col] = levels.value(levels.nearest(row[col]));
      }
      float[] again = once(stored, planes);
      if (Arrays.equals(scales, again)) {
        return holds(row, scales, EXACT * levels.value(levels.count() - 1)) ? scales : null;
      }
      scales = again;
    }
    return null;
  }

  private float @Nullable [] once(float[] row, int planes) {
    double largest = 0;
    for (int i = 0; i < cols; i++) {
      magnitudes[i] = Math.abs(row[i]);
      largest = Math.max(largest, magnitudes[i]);
    }
    if (largest == 0) {
      return new float[planes];
    }
    double[] distinct = SignedSums.distinct(magnitudes, EQUAL * largest);
    if (distinct.length > 1 << (planes - 1)) {
      return null;
    }
    double[] found = SignedSums.find(distinct, planes, EQUAL * largest);
    if (found == null) {
      return null;
    }
    float[] scales = canonical(found);
    scales = canonical(refine(row, scales));
    return holds(row, scales, EXACT * largest) ? scales : null;
  }

  private boolean holds(float[] row, float[] scales, double tolerance) {
    Levels levels = new Levels(scales.length);
    levels.set(scales, 0f);
    for (int i = 0; i < cols; i++) {
      double error = (double) row[i] - levels.value(levels.nearest(row[i]));
      if (!(Math.abs(error) <= tolerance)) {
        return false;
      }
    }
    return true;
  }

  /** Returns scales by least squares over the row, with the planes that the given scales choose. */
  private double[] refine(float[] row, float[] scales) {
    int used = 0;
    while (used < scales.length && scales[used] > 0) {
      used++;
    }
    Levels levels = new Levels(scales.length);
    levels.set(scales, 0f);
    double[][] normal = new double[used][used];
    double[] right = new double[used];
    for (int i = 0; i < cols; i++) {
      int code = levels.code(levels.nearest(row[i]));
      for (int p = 0; p < used; p++) {
        double signP = sign(code, p, scales.length);
        right[p] += signP * row[i];
        for (int q = 0; q < used; q++) {
          normal[p][q] += signP * sign(code, q, scales.length);
        }
      }
    }
    double[] result = new double[scales.length];
    if (LeastSquares.solve(normal, right, used)) {
      System.arraycopy(right, 0, result, 0, used);
    } else {
      for (int p = 0; p < used; p++) {
        result[p] = scales[p];
      }
    }
    return result;
  }

  private static double sign(int code, int plane, int planes) {
    return ((code >> (planes - 1 - plane)) & 1) == 1 ? 1 : -1;
  }

  private static float[] canonical(double[] found) {
    double[] scales = Arrays.stream(found).map(Math::abs).sorted().toArray();
    double sum = Arrays.stream(scales).sum();
    // Planes whose scales differ by rounding only share one, or the levels between them would be
    // torn apart.
    for (int i = 1; i < scales.length; i++) {
      if (scales[i] - scales[i - 1] <= EQUAL * sum) {
        double mean = (scales[i] + scales[i - 1]) / 2;
        scales[i] = mean;
        scales[i - 1] = mean;
      }
    }
    float[] result = new float[scales.length];
    // Rounding up may carry the sum over a power of two, where the ulp is larger.
    for (double unit = Math.ulp((float) sum); ; unit *= 2) {
      double rounded = 0;
      for (int i = 0; i < scales.length; i++) {
        double scale = Math.rint(scales[scales.length - 1 - i] / unit) * unit;
        result[i] = (float) scale;
        rounded += scale;
      }
      if (Math.ulp((float) rounded) <= unit) {
        return result;
      }
    }
  }
}
