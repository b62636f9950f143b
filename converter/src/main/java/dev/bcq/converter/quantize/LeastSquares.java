package dev.bcq.converter.quantize;

/** Solves small symmetric systems. */
final class LeastSquares {
  private static final double SINGULAR = 1e-9;

  private LeastSquares() {}

  /**
   * Solves {@code a x = b} by Gaussian elimination with pivoting; both are overwritten.
   *
   * @param size order of the system
   * @return whether the system was regular; b then holds x
   */
  static boolean solve(double[][] a, double[] b, int size) {
    double largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, Math.abs(a[i][i]));
    }
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++) {
        if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) {
          pivot = row;
        }
      }
      if (Math.abs(a[pivot][column]) <= SINGULAR * largest) {
        return false;
      }
      swap(a, b, pivot, column);
      for (int row = column + 1; row < size; row++) {
        double factor = a[row][column] / a[column][column];
        for (int i = column; i < size; i++) {
          a[row][i] -= factor * a[column][i];
        }
        b[row] -= factor * b[column];
      }
    }
    for (int row = size - 1; row >= 0; row--) {
      for (int i = row + 1; i < size; i++) {
        b[row] -= a[row][i] * b[i];
      }
      b[row] /= a[row][row];
    }
    return true;
  }

  private static void swap(double[][] a, double[] b, int i, int j) {
    double[] row = a[i];
    a[i] = a[j];
    a[j] = row;
    double value = b[i];
    b[i] = b[j];
    b[j] = value;
  }
}
