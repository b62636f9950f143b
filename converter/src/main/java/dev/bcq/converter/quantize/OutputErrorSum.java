package dev.bcq.converter.quantize;

/**
 * Adds up squared errors of outputs and squared outputs, as held-out inputs give them; those of
 * lookups with them.
 */
final class OutputErrorSum {
  private final SecondMoments heldOut;
  private final double lookup;
  private final double[] weights;
  private final double[] differences;
  private double errors;
  private double outputs;

  OutputErrorSum(InputMoments moments) {
    this.heldOut = moments.heldOut();
    this.lookup = moments.lookup() * heldOut.meanSquare();
    this.weights = new double[heldOut.cols()];
    this.differences = new double[heldOut.cols()];
  }

  void add(float[] row, float[] stored) {
    for (int col = 0; col < row.length; col++) {
      weights[col] = row[col];
      differences[col] = (double) stored[col] - row[col];
    }
    errors += output(differences);
    outputs += output(weights);
  }

  private double output(double[] row) {
    double squares = 0;
    for (double value : row) {
      squares += value * value;
    }
    return heldOut.output(row) + lookup * squares;
  }

  double relative() {
    return outputs == 0 ? 0 : errors / outputs;
  }
}
