package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.QuantizationOptions.Method;

/**
 * Rounds the weights of a row one after another and lets those that follow make up for each error
 * (Frantar et al. 2023), to levels of signed sums that are fitted to the weights of each group when
 * it is reached. Errors reach the weights beyond their block of columns when the block is done.
 */
final class FeedbackSolver implements RowSolver {
  private static final int BLOCK = 64;

  private final RowShape shape;
  private final OutputMetric metric;
  private final GroupSolver solver;
  private final Levels levels;
  private final double[] importance;
  private final float[] rest;
  private final RowSums errors;

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
    this.rest = new float[shape.cols()];
    this.errors = new RowSums(metric.feedback());
  }

  @Override
  public void solve(float[] row, int[] codes, float[] slots) {
    System.arraycopy(row, 0, rest, 0, row.length);
    for (int group = 0; group < shape.groups(); group++) {
      int from = shape.first(group);
      int to = shape.first(group + 1);
      int at = shape.at(group);
      solver.solve(rest, importance, from, to - from, codes, slots, at);
      levels.set(slots, at, shape.offset());
      for (int first = from; first < to; first += BLOCK) {
        int end = Math.min(first + BLOCK, to);
        round(first, end, codes);
        errors.addTo(rest, end, rest.length);
      }
    }
  }

  private void round(int from, int to, int[] codes) {
    errors.clear();
    for (int col = from; col < to; col++) {
      int nearest = levels.nearest(rest[col]);
      codes[col] = levels.code(nearest);
      float[] feedback = metric.feedback(col);
      float error = (levels.value(nearest) - rest[col]) / feedback[col];
      RowSums.addMultiple(error, feedback, rest, col + 1, to);
      errors.take(col, error);
    }
  }
}
