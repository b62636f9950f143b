package dev.bcq.converter.quantize;

/** Adds up squared errors of outputs and squared outputs, as held-out inputs give them. */
final class OutputErrorSum {
  private final SecondMoments heldOut;
  private final double[] weights;
  private final double[] differences;
  private double errors;
  private double outputs;

  OutputErrorSum(SecondMoments heldOut) {
    this.heldOut = heldOut;
    this.weights = new double[heldOut.cols()];
    this.differences = new double[heldOut.cols()];
  }

  void add(float[] row, float[] stored) {
    for (int col = 0; col < row.length; col++) {
      weights[col] = row[col];
      differences[col] = (double) stored[col] - row[col];
    }
    errors += heldOut.output(differences);
    outputs += heldOut.output(weights);
  }

  double relative() {
    return outputs == 0 ? 0 : errors / outputs;
  }
}
