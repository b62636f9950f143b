package dev.bcq.converter.quantize;

/**
 * Collects rows of a matrix, each with a factor, and adds them to a vector several at a time: the
 * vector is then read and written once for all of them. One serves one thread.
 */
final class RowSums {
  /** With more than four, the JVM's compiler leaves the loop without vector instructions. */
  private static final int TOGETHER = 4;

  private final float[][] matrix;
  private final int[] rows;
  private final float[] factors;
  private final float[] zeros;
  private int count;

  /**
   * Creates a collection without rows.
   *
   * @param matrix rows of the same length
   */
  RowSums(float[][] matrix) {
    this.matrix = matrix;
    this.rows = new int[matrix.length];
    this.factors = new float[matrix.length + TOGETHER];
    this.zeros = new float[matrix[0].length];
  }

  void clear() {
    count = 0;
  }

  /** Takes a row; no more than the matrix has. */
  void take(int row, float factor) {
    rows[count] = row;
    factors[count++] = factor;
  }

  /** Adds all rows that were taken, within a range of columns. */
  void addTo(float[] y, int from, int to) {
    if (from == to) {
      return;
    }
    for (int k = count; k < count + TOGETHER; k++) {
      factors[k] = 0;
    }
    for (int k = 0; k < count; k += TOGETHER) {
      add(
          row(k),
          row(k + 1),
          row(k + 2),
          row(k + 3),
          factors[k],
          factors[k + 1],
          factors[k + 2],
          factors[k + 3],
          y,
          from,
          to);
    }
  }

  private float[] row(int k) {
    return k < count ? matrix[rows[k]] : zeros;
  }

  /** Adds multiples of four rows within a range of columns. */
  static void add(
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float fa,
      float fb,
      float fc,
      float fd,
      float[] y,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      y[i] += fa * a[i] + fb * b[i] + (fc * c[i] + fd * d[i]);
    }
  }

  /** Adds a multiple of one row within a range of columns. */
  static void addMultiple(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += factor * x[i];
    }
  }
}
