package dev.bcq.converter.quantize;

import java.util.Arrays;
import java.util.function.DoubleConsumer;

/**
 * Adds up squared errors of outputs and squared outputs, as held-out inputs give them; those of
 * lookups with them. Some rows are collected at a time, so that the moments are read once for all.
 */
final class OutputErrorSum {
  private static final int ROWS = 16;
  private static final int MOMENTS = 8;

  private final SecondMoments heldOut;
  private final double lookup;
  private final float[][] weights;
  private final float[][] differences;
  private final float[][] moments;
  private final RowSums products;
  private final float[][] ofWeights;
  private final float[][] ofDifferences;
  private int collected;
  private double errors;
  private double outputs;
  private DoubleConsumer ofRows = error -> {};

  OutputErrorSum(InputMoments inputs) {
    this.heldOut = inputs.heldOut();
    int cols = heldOut.cols();
    this.lookup = inputs.lookup() * heldOut.meanSquare();
    this.weights = new float[ROWS][cols];
    this.differences = new float[ROWS][cols];
    this.moments = new float[MOMENTS][cols];
    this.products = new RowSums(moments);
    this.ofWeights = new float[ROWS][cols];
    this.ofDifferences = new float[ROWS][cols];
  }

  /** Says who hears of the squared error of each row, in order, when all are asked for at last. */
  void tell(DoubleConsumer listener) {
    ofRows = listener;
  }

  void add(float[] row, float[] stored) {
    System.arraycopy(row, 0, weights[collected], 0, row.length);
    for (int col = 0; col < row.length; col++) {
      differences[collected][col] = stored[col] - row[col];
    }
    collected++;
    if (collected == ROWS) {
      addCollected();
    }
  }

  private void addCollected() {
    int cols = heldOut.cols();
    for (int row = 0; row < collected; row++) {
      Arrays.fill(ofWeights[row], 0);
      Arrays.fill(ofDifferences[row], 0);
    }
    for (int first = 0; first < cols; first += MOMENTS) {
      int end = Math.min(first + MOMENTS, cols);
      for (int col = first; col < end; col++) {
        float[] sums = moments[col - first];
        Arrays.fill(sums, first, col, 0);
        heldOut.copySums(col, sums);
        // What is above the diagonal counts twice.
        sums[col] /= 2;
      }
      for (int row = 0; row < collected; row++) {
        addProducts(weights[row], first, end, ofWeights[row]);
        addProducts(differences[row], first, end, ofDifferences[row]);
      }
    }
    for (int row = 0; row < collected; row++) {
      outputs += output(weights[row], ofWeights[row]);
      double error = output(differences[row], ofDifferences[row]);
      ofRows.accept(error);
      errors += error;
    }
    collected = 0;
  }

  private void addProducts(float[] row, int first, int end, float[] into) {
    products.clear();
    for (int col = first; col < end; col++) {
      products.take(col - first, row[col]);
    }
    products.addTo(into, first, into.length);
  }

  private double output(float[] row, float[] products) {
    double sum = 0;
    double squares = 0;
    for (int col = 0; col < row.length; col++) {
      sum += (double) products[col] * row[col];
      squares += (double) row[col] * row[col];
    }
    return 2 * sum / Math.max(1, heldOut.count()) + lookup * squares;
  }

  /** Returns the squared errors of all rows. */
  double errors() {
    addCollected();
    return errors;
  }

  /** Returns the squared outputs of all rows. */
  double outputs() {
    addCollected();
    return outputs;
  }

  /** Returns the squared errors of all rows divided by their squared outputs. */
  double relative() {
    addCollected();
    return outputs == 0 ? 0 : errors / outputs;
  }
}
