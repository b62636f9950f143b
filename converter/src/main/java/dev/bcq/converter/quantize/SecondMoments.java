package dev.bcq.converter.quantize;

import java.util.Arrays;

/**
 * The mean of the products of a matrix's inputs, {@code H = X'X / N}: what decides how much an
 * error of the weights matters to the outputs. Memory depends on the inputs' number alone. Not
 * thread-safe.
 *
 * <p>For a row of errors e, the expected squared error of the output is {@code e H e'}.
 *
 * <p>Sums are floats, and rounded once in a call; after dozens of calls they are within a millionth
 * of {@code sqrt(H_ii H_jj)}.
 */
public final class SecondMoments {
  /** Columns, rows and tokens that are worked on at a time, so that they stay in the caches. */
  private static final int WIDTH = 512;

  private static final int HEIGHT = 64;
  private static final int TOGETHER = 16;

  private final int cols;

  /** Sums of products; row i holds the columns from i on. */
  private final float[][] sums;

  private long count;

  /**
   * Begins with no inputs.
   *
   * @param cols inputs of the matrix
   */
  public SecondMoments(int cols) {
    this.cols = cols;
    this.sums = new float[cols][];
    for (int i = 0; i < cols; i++) {
      sums[i] = new float[cols - i];
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
   * Adds tokens, best some hundreds at a time. The order of calls decides the last bits.
   *
   * @param inputs [tokens][cols]
   */
  public void add(float[] inputs, int tokens) {
    int width = Math.min(WIDTH, cols);
    float[][] tile = new float[Math.max(1, tokens)][width];
    RowSums products = new RowSums(tile);
    float[][] added = new float[Math.min(HEIGHT, cols)][width];
    for (int from = 0; from < cols; from += width) {
      int to = Math.min(from + width, cols);
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(inputs, token * cols + from, tile[token], 0, to - from);
      }
      for (int first = 0; first < to; first += HEIGHT) {
        int end = Math.min(first + HEIGHT, to);
        for (int token = 0; token < tokens; token += TOGETHER) {
          int last = Math.min(token + TOGETHER, tokens);
          for (int i = first; i < end; i++) {
            products.clear();
            for (int t = token; t < last; t++) {
              products.take(t, inputs[t * cols + i]);
            }
            products.addTo(added[i - first], Math.max(0, i - from), to - from);
          }
        }
        for (int i = first; i < end; i++) {
          addToSums(i, added[i - first], from, to);
        }
      }
    }
    count += tokens;
  }

  /** Adds what was found for a row in a range of columns, and leaves zeros in its place. */
  private void addToSums(int i, float[] added, int from, int to) {
    float[] row = sums[i];
    for (int j = Math.max(i, from); j < to; j++) {
      row[j - i] += added[j - from];
    }
    Arrays.fill(added, 0);
  }

  /** Returns the mean product of two inputs. */
  public double mean(int i, int j) {
    return (double) (i <= j ? sums[i][j - i] : sums[j][i - j]) / Math.max(1, count);
  }

  /** Copies the sums of the products of an input with those from it on, each at its place. */
  void copySums(int input, float[] into) {
    System.arraycopy(sums[input], 0, into, input, cols - input);
  }

  /** Returns the mean square of all inputs. */
  double meanSquare() {
    double trace = 0;
    for (int i = 0; i < cols; i++) {
      trace += mean(i, i);
    }
    return trace / cols;
  }
}
