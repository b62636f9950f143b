package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.QuantizationOptions.Method;

/** Makes the solvers of a candidate for a matrix; what they share is computed once. */
final class RowSolvers {
  private final double[] importance;
  private final OutputMetric metric;

  RowSolvers(InputMoments moments) {
    this.metric = new OutputMetric(moments);
    this.importance = new double[metric.cols()];
    for (int col = 0; col < importance.length; col++) {
      importance[col] = metric.products(col)[col];
    }
  }

  RowSolver of(Candidate.Solver solver, RowShape shape) {
    return switch (solver) {
      case ALTERNATING -> new GroupwiseSolver(shape, Method.ALTERNATING, null);
      case WEIGHTED -> new GroupwiseSolver(shape, Method.ALTERNATING, importance);
      case FEEDBACK -> new OutputErrorSolver(shape, metric, new FeedbackSolver(shape, metric));
    };
  }
}
