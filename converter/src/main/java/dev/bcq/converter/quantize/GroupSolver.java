package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.QuantizationOptions.Method;
import dev.bcq.format.Float16;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds scales and planes of one group of weights. One solver serves one thread.
 *
 * <p>Weights are sorted once; which of them are nearest to a level is then a range, and importance,
 * sums and squares of a range are differences of prefix sums. A cycle of alternating quantization
 * costs about 2^planes steps, whatever the number of weights.
 */
final class GroupSolver {
  private static final int MOST_CYCLES = 100;
  private static final double CONVERGED = 1e-6;
  private static final double CLIP_FIRST = 0.3;
  private static final double CLIP_STEP = 0.02;
  private static final int CLIP_STEPS = 36;

  private final int planes;
  private final boolean offset;
  private final Method method;
  private final boolean halfScales;
  private final Levels levels;
  private final float[] scales;
  private final float[] bestScales;
  private final double[][] normal;
  private final double[] right;
  private final int[] rangeEnds;
  private final double[] massesOfCodes;
  private final double[] sumsOfCodes;
  private float[] sorted = {};
  private double[] masses = {};
  private double[] sums = {};
  private double[] squares = {};
  private int count;
  private float z;
  private float bestZ;

  /**
   * Creates a solver.
   *
   * @param halfScales whether scales are stored as binary16
   */
  GroupSolver(int planes, boolean offset, Method method, boolean halfScales) {
    this.planes = planes;
    this.offset = offset;
    this.method = method;
    this.halfScales = halfScales;
    this.levels = new Levels(planes);
    this.scales = new float[planes];
    this.bestScales = new float[planes];
    this.normal = new double[planes + 1][planes + 1];
    this.right = new double[planes + 1];
    this.rangeEnds = new int[1 << planes];
    this.massesOfCodes = new double[1 << planes];
    this.sumsOfCodes = new double[1 << planes];
  }

  /**
   * Solves a group.
   *
   * @param weights the group's weights, {@code length} from {@code from}
   * @param importance factor of each weight's squared error, from {@code from}, not negative and
   *     not all zero; null if all are the same
   * @param codes receives the code of each weight, from {@code from}
   * @param slots receives scales and, if there is one, the offset from {@code at}
   */
  void solve(
      float[] weights,
      double @Nullable [] importance,
      int from,
      int length,
      int[] codes,
      float[] slots,
      int at) {
    load(weights, importance, from, length);
    if (method == Method.GREEDY) {
      greedyStart(weights, importance, from);
      round(scales, z);
    } else {
      alternate(weights, importance, from);
    }
    levels.set(bestScales, bestZ);
    for (int i = 0; i < length; i++) {
      codes[from + i] = levels.code(levels.nearest(weights[from + i]));
    }
    System.arraycopy(bestScales, 0, slots, at, planes);
    if (offset) {
      slots[at + planes] = bestZ;
    }
  }

  private void load(float[] weights, double @Nullable [] importance, int from, int length) {
    count = length;
    if (sorted.length < length) {
      sorted = new float[length];
      masses = new double[length + 1];
      sums = new double[length + 1];
      squares = new double[length + 1];
    }
    if (importance == null) {
      System.arraycopy(weights, from, sorted, 0, length);
      Arrays.sort(sorted, 0, length);
      for (int i = 0; i < length; i++) {
        append(i, sorted[i], 1);
      }
    } else {
      int[] order = order(weights, from, length);
      for (int i = 0; i < length; i++) {
        append(i, weights[from + order[i]], importance[from + order[i]]);
      }
    }
  }

  private void append(int i, float weight, double mass) {
    sorted[i] = weight;
    masses[i + 1] = masses[i] + mass;
    sums[i + 1] = sums[i] + mass * weight;
    squares[i + 1] = squares[i] + mass * ((double) weight * weight);
  }

  private static int[] order(float[] weights, int from, int length) {
    long[] keys = new long[length];
    for (int i = 0; i < length; i++) {
      int ordered = Float.floatToIntBits(weights[from + i] + 0f);
      ordered ^= (ordered >> 31) & 0x7fffffff;
      keys[i] = ((long) ordered << 32) | i;
    }
    Arrays.sort(keys);
    int[] order = new int[length];
    for (int i = 0; i < length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  private void alternate(float[] weights, double @Nullable [] importance, int from) {
    greedyStart(weights, importance, from);
    double greedy = converge();
    float[] greedyScales = scales.clone();
    float greedyZ = z;
    uniformStart();
    double uniform = converge();
    if (greedy <= uniform) {
      round(greedyScales, greedyZ);
    } else {
      round(scales, z);
    }
  }

  /** Keeps scales as they will be stored: in the file's number type, not negative, descending. */
  private void round(float[] found, float foundZ) {
    for (int i = 0; i < planes; i++) {
      float scale = Math.abs(found[i]);
      bestScales[i] = halfScales ? Float16.toFloat(Float16.fromFloat(scale)) : scale;
    }
    sortDescending(bestScales);
    bestZ = halfScales ? Float16.toFloat(Float16.fromFloat(foundZ)) : foundZ;
  }

  private void greedyStart(float[] weights, double @Nullable [] importance, int from) {
    z = offset ? (float) (sums[count] / masses[count]) : 0f;
    double[] residual = new double[count];
    for (int i = 0; i < count; i++) {
      // Zeros, too, are told by their sign: there is none below zero.
      residual[i] = (double) weights[from + i] - z + 0.0;
    }
    for (int plane = 0; plane < planes; plane++) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        double magnitude = Math.abs(residual[i]);
        sum += importance == null ? magnitude : importance[from + i] * magnitude;
      }
      double scale = sum / masses[count];
      for (int i = 0; i < count; i++) {
        residual[i] -= Math.copySign(scale, residual[i]);
      }
      scales[plane] = (float) scale;
    }
    sortDescending(scales);
  }

  /** Starts from the uniform quantizer whose range, clipped, has the least error. */
  private void uniformStart() {
    double low = offset ? sorted[0] : -Math.max(Math.abs(sorted[0]), Math.abs(sorted[count - 1]));
    double high = offset ? sorted[count - 1] : -low;
    double least = Double.POSITIVE_INFINITY;
    double best = 1;
    for (int i = 0; i < CLIP_STEPS; i++) {
      double clip = CLIP_FIRST + i * CLIP_STEP;
      setUniform(low * clip, high * clip);
      double error = assign();
      if (error < least) {
        least = error;
        best = clip;
      }
    }
    setUniform(low * best, high * best);
  }

  private void setUniform(double low, double high) {
    double step = (high - low) / ((1 << planes) - 1);
    for (int plane = 0; plane < planes; plane++) {
      scales[plane] = (float) (step * (1 << (planes - 1 - plane)) / 2);
    }
    z = offset ? (float) ((low + high) / 2) : 0f;
  }

  private double converge() {
    double error = assign();
    for (int cycle = 0; cycle < MOST_CYCLES; cycle++) {
      float[] former = scales.clone();
      float formerZ = z;
      if (!fit()) {
        return error;
      }
      double next = assign();
      if (next >= error) {
        System.arraycopy(former, 0, scales, 0, planes);
        z = formerZ;
        return error;
      }
      boolean converged = error - next <= CONVERGED * error;
      error = next;
      if (converged) {
        return error;
      }
    }
    return error;
  }

  /** Gives each weight to its nearest level; returns the squared error. */
  private double assign() {
    levels.set(scales, z);
    double error = 0;
    int begin = 0;
    for (int i = 0; i < levels.count(); i++) {
      int end = i + 1 == levels.count() ? count : end(levels.upperBound(i), begin, rangeEnds[i]);
      double value = levels.value(i);
      error +=
          squares[end]
              - squares[begin]
              - 2 * value * (sums[end] - sums[begin])
              + (masses[end] - masses[begin]) * value * value;
      rangeEnds[i] = end;
      begin = end;
    }
    return Math.max(error, 0);
  }

  /**
   * Returns the end of the weights up to a bound.
   *
   * @param guess where it was before: it seldom moves far
   */
  private int end(double bound, int from, int guess) {
    int low = Math.max(from, Math.min(guess, count));
    int high = low;
    if (low < count && sorted[low] <= bound) {
      for (int step = 1; high < count && sorted[high] <= bound; step *= 2) {
        low = high + 1;
        high = Math.min(count, high + step);
      }
    } else {
      for (int step = 1; low > from && sorted[low - 1] > bound; step *= 2) {
        high = low - 1;
        low = Math.max(from, low - step);
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Fits scales and offset to the planes by least squares; returns whether that was possible. */
  private boolean fit() {
    Arrays.fill(massesOfCodes, 0);
    Arrays.fill(sumsOfCodes, 0);
    int begin = 0;
    for (int i = 0; i < levels.count(); i++) {
      int end = rangeEnds[i];
      massesOfCodes[levels.code(i)] = masses[end] - masses[begin];
      sumsOfCodes[levels.code(i)] = sums[end] - sums[begin];
      begin = end;
    }
    addSigned(massesOfCodes);
    addSigned(sumsOfCodes);
    int size = offset ? planes + 1 : planes;
    for (int p = 0; p < size; p++) {
      right[p] = sumsOfCodes[bit(p)];
      for (int q = 0; q < size; q++) {
        normal[p][q] = massesOfCodes[bit(p) ^ bit(q)];
      }
    }
    if (!LeastSquares.solve(normal, right, size)) {
      return false;
    }
    for (int plane = 0; plane < planes; plane++) {
      scales[plane] = (float) Math.abs(right[plane]);
    }
    z = offset ? (float) right[planes] : 0f;
    sortDescending(scales);
    return true;
  }

  /** Returns the bit of a plane in codes; the offset, whose sign is the same in all, has none. */
  private int bit(int plane) {
    return plane == planes ? 0 : 1 << (planes - 1 - plane);
  }

  /**
   * Replaces the values of codes by their sums (a Walsh-Hadamard transform): that at each index
   * with the product of the signs of the index's bits.
   */
  private static void addSigned(double[] values) {
    for (int bit = 1; bit < values.length; bit *= 2) {
      for (int first = 0; first < values.length; first += 2 * bit) {
        for (int i = first; i < first + bit; i++) {
          double minus = values[i];
          double plus = values[i + bit];
          values[i] = plus + minus;
          values[i + bit] = plus - minus;
        }
      }
    }
  }

  static void sortDescending(float[] values) {
    Arrays.sort(values);
    for (int i = 0, j = values.length - 1; i < j; i++, j--) {
      float value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }
}
