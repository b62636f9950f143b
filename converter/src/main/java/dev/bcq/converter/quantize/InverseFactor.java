package dev.bcq.converter.quantize;

/**
 * The triangular factor of the inverse of a symmetric positive definite matrix. Rows are found in
 * panels, so that what is read for one of them serves the others.
 */
final class InverseFactor {
  private static final int PANEL = 8;

  private InverseFactor() {}

  /**
   * Returns U, upper triangular, {@code U'U} the inverse of h.
   *
   * @param h [size][size], of which row i is read up to column i; overwritten
   */
  static double[][] of(double[][] h) {
    int size = h.length;
    factor(h);
    double[][] u = new double[size][size];
    double[] factors = new double[PANEL];
    for (int end = size; end > 0; end -= PANEL) {
      int begin = Math.max(0, end - PANEL);
      for (int first = end; first < size; first += PANEL) {
        int count = Math.min(PANEL, size - first);
        for (int i = begin; i < end; i++) {
          for (int k = 0; k < count; k++) {
            factors[k] = -h[first + k][i];
          }
          addMultiples(factors, u, first, count, u[i], first, size);
        }
      }
      for (int i = end - 1; i >= begin; i--) {
        for (int k = i + 1; k < end; k++) {
          addMultiple(-h[k][i], u[k], u[i], k, size);
        }
        u[i][i] = 1;
        scale(1 / h[i][i], u[i], i, size);
      }
    }
    return u;
  }

  /** Puts R', lower triangular, in place of {@code h = R R'}. */
  private static void factor(double[][] h) {
    int size = h.length;
    double[] factors = new double[PANEL];
    for (int end = size; end > 0; end -= PANEL) {
      int begin = Math.max(0, end - PANEL);
      for (int first = end; first < size; first += PANEL) {
        int count = Math.min(PANEL, size - first);
        for (int i = begin; i < end; i++) {
          for (int k = 0; k < count; k++) {
            factors[k] = -h[first + k][i];
          }
          addMultiples(factors, h, first, count, h[i], 0, i + 1);
        }
      }
      for (int i = end - 1; i >= begin; i--) {
        for (int k = i + 1; k < end; k++) {
          addMultiple(-h[k][i], h[k], h[i], 0, i + 1);
        }
        scale(1 / Math.sqrt(h[i][i]), h[i], 0, i + 1);
      }
    }
  }

  private static void addMultiples(
      double[] factors, double[][] x, int first, int count, double[] y, int from, int to) {
    if (count < PANEL) {
      for (int k = 0; k < count; k++) {
        addMultiple(factors[k], x[first + k], y, from, to);
      }
      return;
    }
    addMultiples(factors, 0, x, first, y, from, to);
    addMultiples(factors, 4, x, first + 4, y, from, to);
  }

  // With more than four, the JVM's compiler leaves the loop without vector instructions.
  private static void addMultiples(
      double[] factors, int at, double[][] x, int first, double[] y, int from, int to) {
    double[] a = x[first];
    double[] b = x[first + 1];
    double[] c = x[first + 2];
    double[] d = x[first + 3];
    double fa = factors[at];
    double fb = factors[at + 1];
    double fc = factors[at + 2];
    double fd = factors[at + 3];
    for (int i = from; i < to; i++) {
      y[i] += fa * a[i] + fb * b[i] + (fc * c[i] + fd * d[i]);
    }
  }

  private static void addMultiple(double factor, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += factor * x[i];
    }
  }

  private static void scale(double factor, double[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] *= factor;
    }
  }
}
