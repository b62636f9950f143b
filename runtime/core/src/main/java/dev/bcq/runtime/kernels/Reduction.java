package dev.bcq.runtime.kernels;

/**
 * Sums of floats in the one shape that all providers share: value i is added to partial sum {@code
 * i mod 16}, then partial sums j and j + 8, j + 4, j + 2, j + 1 are added.
 */
public final class Reduction {
  /** Number of partial sums. */
  public static final int PARTIALS = 16;

  private Reduction() {}

  /** Returns the sum of {@code length} values. */
  public static float sum(float[] x, int from, int length) {
    float[] partials = new float[PARTIALS];
    int whole = length & -PARTIALS;
    for (int i = 0; i < whole; i += PARTIALS) {
      for (int lane = 0; lane < PARTIALS; lane++) {
        partials[lane] += x[from + i + lane];
      }
    }
    for (int i = whole; i < length; i++) {
      partials[i - whole] += x[from + i];
    }
    return tree(partials);
  }

  /** Returns the sum of {@code length} squared differences from {@code center}. */
  public static float sumOfSquares(float[] x, int from, int length, float center) {
    float[] partials = new float[PARTIALS];
    int whole = length & -PARTIALS;
    for (int i = 0; i < whole; i += PARTIALS) {
      for (int lane = 0; lane < PARTIALS; lane++) {
        float difference = x[from + i + lane] - center;
        partials[lane] += difference * difference;
      }
    }
    for (int i = whole; i < length; i++) {
      float difference = x[from + i] - center;
      partials[i - whole] += difference * difference;
    }
    return tree(partials);
  }

  /** Returns the dot product of {@code length} values. */
  public static float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    float[] partials = new float[PARTIALS];
    int whole = length & -PARTIALS;
    for (int i = 0; i < whole; i += PARTIALS) {
      for (int lane = 0; lane < PARTIALS; lane++) {
        partials[lane] += x[xFrom + i + lane] * y[yFrom + i + lane];
      }
    }
    for (int i = whole; i < length; i++) {
      partials[i - whole] += x[xFrom + i] * y[yFrom + i];
    }
    return tree(partials);
  }

  /** Returns the sum of 16 partial sums, which it overwrites. */
  public static float tree(float[] partials) {
    for (int half = PARTIALS / 2; half > 0; half >>= 1) {
      for (int lane = 0; lane < half; lane++) {
        partials[lane] += partials[lane + half];
      }
    }
    return partials[0];
  }
}
