package dev.bcq.runtime.kernels;

/**
 * Sums of floats in the one shape that all providers share: value i is added to partial sum {@code
 * i mod 16}, then partial sums j and j + 8, j + 4, j + 2, j + 1 are added.
 *
 * <p>The tree's upper two levels join partial sums j, j + 4, j + 8 and j + 12; such a quarter of
 * the values is summed in one go, with four variables in place of an array.
 */
public final class Reduction {
  /** Number of partial sums. */
  static final int PARTIALS = 16;

  private Reduction() {}

  /** Returns the sum of {@code length} values. */
  public static float sum(float[] x, int from, int length) {
    int end = from + length;
    return (quarter(x, from, end) + quarter(x, from + 2, end))
        + (quarter(x, from + 1, end) + quarter(x, from + 3, end));
  }

  private static float quarter(float[] x, int from, int end) {
    float sum0 = 0;
    float sum4 = 0;
    float sum8 = 0;
    float sum12 = 0;
    int i = from;
    for (; i + 12 < end; i += PARTIALS) {
      sum0 += x[i];
      sum4 += x[i + 4];
      sum8 += x[i + 8];
      sum12 += x[i + 12];
    }
    sum0 += i < end ? x[i] : 0f;
    sum4 += i + 4 < end ? x[i + 4] : 0f;
    sum8 += i + 8 < end ? x[i + 8] : 0f;
    return (sum0 + sum8) + (sum4 + sum12);
  }

  /** Returns the sum of {@code length} squared differences from {@code center}. */
  public static float sumOfSquares(float[] x, int from, int length, float center) {
    int end = from + length;
    return (quarterOfSquares(x, from, end, center) + quarterOfSquares(x, from + 2, end, center))
        + (quarterOfSquares(x, from + 1, end, center) + quarterOfSquares(x, from + 3, end, center));
  }

  private static float quarterOfSquares(float[] x, int from, int end, float center) {
    float sum0 = 0;
    float sum4 = 0;
    float sum8 = 0;
    float sum12 = 0;
    int i = from;
    for (; i + 12 < end; i += PARTIALS) {
      sum0 += square(x[i] - center);
      sum4 += square(x[i + 4] - center);
      sum8 += square(x[i + 8] - center);
      sum12 += square(x[i + 12] - center);
    }
    sum0 += i < end ? square(x[i] - center) : 0f;
    sum4 += i + 4 < end ? square(x[i + 4] - center) : 0f;
    sum8 += i + 8 < end ? square(x[i + 8] - center) : 0f;
    return (sum0 + sum8) + (sum4 + sum12);
  }

  private static float square(float x) {
    return x * x;
  }

  /** Returns the dot product of {@code length} values. */
  public static float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    return (quarterOfDot(x, xFrom, y, yFrom, 0, length)
            + quarterOfDot(x, xFrom, y, yFrom, 2, length))
        + (quarterOfDot(x, xFrom, y, yFrom, 1, length)
            + quarterOfDot(x, xFrom, y, yFrom, 3, length));
  }

  private static float quarterOfDot(
      float[] x, int xFrom, float[] y, int yFrom, int first, int length) {
    float sum0 = 0;
    float sum4 = 0;
    float sum8 = 0;
    float sum12 = 0;
    int i = first;
    for (; i + 12 < length; i += PARTIALS) {
      sum0 += x[xFrom + i] * y[yFrom + i];
      sum4 += x[xFrom + i + 4] * y[yFrom + i + 4];
      sum8 += x[xFrom + i + 8] * y[yFrom + i + 8];
      sum12 += x[xFrom + i + 12] * y[yFrom + i + 12];
    }
    sum0 += i < length ? x[xFrom + i] * y[yFrom + i] : 0f;
    sum4 += i + 4 < length ? x[xFrom + i + 4] * y[yFrom + i + 4] : 0f;
    sum8 += i + 8 < length ? x[xFrom + i + 8] * y[yFrom + i + 8] : 0f;
    return (sum0 + sum8) + (sum4 + sum12);
  }
}
