package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.QuantizationOptions.Method;

/**
 * Rounds the weights of a row one after another and lets those that follow make up for each error
 * (Frantar et al. 2023), to levels of signed sums that are fitted to the weights of each group when
 * it is reached.
 */
final class FeedbackSolver implements RowSolver {
  private final RowShape shape;
  private final OutputMetric metric;
  private final GroupSolver solver;
  private final Levels levels;
  private final double[] importance;
  private final double[] rest;
  private final float[] current;

  FeedbackSolver(RowShape shape, OutputMetric metric) {
    this.shape = shape;
    this.metric = metric;
    this.solver =
        new GroupSolver(shape.planes(), shape.offset(), Method.ALTERNATING, shape.halfScales());
    this.levels = new Levels(shape.planes());
    this.importance = new double[shape.cols()];
    for (int col = 0; col < importance.length; col++) {
      double diagonal = metric.feedback(col)[col];
      importance[col] = 1 / (diagonal * diagonal);
    }
    this.rest = new double[shape.cols()];
    this.current = new float[shape.cols()];
  }

  @Override
  public void solve(float[] row, int[] codes, float[] slots) {
    for (int col = 0; col < row.length; col++) {
      rest[col] = row[col];
    }
    for (int group = 0; group < shape.groups(); group++) {
      int from = shape.first(group);
      int to = shape.first(group + 1);
      for (int col = from; col < to; col++) {
        current[col] = (float) rest[col];
      }
      int at = shape.at(group);
      solver.solve(current, importance, from, to - from, codes, slots, at);
      levels.set(slots, at, shape.offset());
      for (int col = from; col < to; col++) {
        int nearest = levels.nearest((float) rest[col]);
        codes[col] = levels.code(nearest);
        double[] feedback = metric.feedback(col);
        double error = (rest[col] - levels.value(nearest)) / feedback[col];
        OutputMetric.addMultiple(-error, feedback, rest, col + 1);
      }
    }
  }
}
