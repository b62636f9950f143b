package dev.bcq.converter.quantize;

/**
 * The mean of the products of a matrix's inputs, {@code H = X'X / N}: what decides how much an
 * error of the weights matters to the outputs. Memory depends on the inputs' number alone. Not
 * thread-safe.
 *
 * <p>For a row of errors e, the expected squared error of the output is {@code e H e'}.
 */
public final class SecondMoments {
  private static final int TOGETHER = 4;

  private final int cols;

  /** Sums of products; row i holds the columns from i on. */
  private final double[][] sums;

  private long count;

  /**
   * Begins with no inputs.
   *
   * @param cols inputs of the matrix
   */
  public SecondMoments(int cols) {
    this.cols = cols;
    this.sums = new double[cols][];
    for (int i = 0; i < cols; i++) {
      sums[i] = new double[cols - i];
    }
  }

  /** Returns the number of inputs of the matrix. */
  public int cols() {
    return cols;
  }

  /** Returns the number of tokens that were added. */
  public long count() {
    return count;
  }

  /**
   * Adds tokens. The order of calls decides the last bits.
   *
   * @param inputs [tokens][cols]
   */
  public void add(float[] inputs, int tokens) {
    double[][] x = new double[TOGETHER][cols];
    for (int first = 0; first < tokens; first += TOGETHER) {
      for (int t = 0; t < TOGETHER; t++) {
        for (int i = 0; i < cols; i++) {
          x[t][i] = first + t < tokens ? inputs[(first + t) * cols + i] : 0;
        }
      }
      addProducts(x[0], x[1], x[2], x[3]);
    }
    count += tokens;
  }

  private void addProducts(double[] a, double[] b, double[] c, double[] d) {
    for (int i = 0; i < cols; i++) {
      double ai = a[i];
      double bi = b[i];
      double ci = c[i];
      double di = d[i];
      double[] row = sums[i];
      for (int j = 0; j < row.length; j++) {
        row[j] += ai * a[i + j] + bi * b[i + j] + ci * c[i + j] + di * d[i + j];
      }
    }
  }

  /** Returns the mean product of two inputs. */
  public double mean(int i, int j) {
    return (i <= j ? sums[i][j - i] : sums[j][i - j]) / Math.max(1, count);
  }

  /** Returns the mean square of all inputs. */
  double meanSquare() {
    double trace = 0;
    for (int i = 0; i < cols; i++) {
      trace += mean(i, i);
    }
    return trace / cols;
  }

  /** Returns the mean squared output of a row of weights. */
  double output(double[] row) {
    double total = 0;
    for (int i = 0; i < cols; i++) {
      double[] products = sums[i];
      double sum = 0;
      for (int j = 1; j < products.length; j++) {
        sum += products[j] * row[i + j];
      }
      total += row[i] * (products[0] * row[i] + 2 * sum);
    }
    return total / Math.max(1, count);
  }
}
