package dev.bcq.converter.quantize;

import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.format.BitPlaneLayout;
import java.util.stream.IntStream;

/**
 * Foresees the errors of a matrix's outputs for every number of planes from some of its rows. All
 * errors are squared and of held-out inputs.
 */
public final class ErrorEstimate {
  /** Rows that stand for all. */
  private static final int SAMPLE = 64;

  private final int rows;
  private final int cols;
  private final RowSource source;
  private final InputMoments moments;
  private final QuantizationOptions options;
  private final RowSolvers solvers;
  private final int[] sample;

  /**
   * Prepares for a matrix.
   *
   * @param moments what calibration has seen of its inputs
   */
  public ErrorEstimate(
      int rows, int cols, RowSource source, InputMoments moments, QuantizationOptions options) {
    this.rows = rows;
    this.cols = cols;
    this.source = source;
    this.moments = moments;
    this.options = options;
    this.solvers = new RowSolvers(moments);
    int count = Math.min(rows, SAMPLE);
    this.sample = IntStream.range(0, count).map(i -> (int) ((long) i * rows / count)).toArray();
  }

  /** Returns the error divided by the squared outputs, by number of planes; index 0 is 1. */
  public double[] relative() {
    double[] errors = new double[BitPlaneLayout.MAX_PLANES + 1];
    errors[0] = 1;
    for (int planes = 1; planes < errors.length; planes++) {
      OutputErrorSum sum = new OutputErrorSum(moments);
      solve(planes, Solver.FEEDBACK, sample, sum);
      errors[planes] = sum.relative();
    }
    return errors;
  }

  /**
   * Returns the error of each row divided by the squared outputs of all rows, [planes][rows]; index
   * 0 of planes is not used. Rows are told apart by what is found quickly, the whole is that of
   * {@link #relative}.
   */
  public double[][] relativeOfRows() {
    int[] all = IntStream.range(0, rows).toArray();
    double[] relative = relative();
    double[][] errors = new double[relative.length][];
    for (int planes = 1; planes < errors.length; planes++) {
      OutputErrorSum sum = new OutputErrorSum(moments);
      errors[planes] = solve(planes, Solver.WEIGHTED, all, sum);
      OutputErrorSum ofSample = new OutputErrorSum(moments);
      solve(planes, Solver.WEIGHTED, sample, ofSample);
      double share = relative[planes] / (ofSample.relative() * sum.outputs());
      for (int row = 0; row < rows; row++) {
        errors[planes][row] *= share;
      }
    }
    return errors;
  }

  private double[] solve(int planes, Solver solver, int[] numbers, OutputErrorSum sum) {
    int groupSize = options.groupSize() == 0 ? cols : options.groupSize();
    RowShape shape = new RowShape(cols, planes, groupSize, options.offset(), true);
    RowSolver found = solvers.of(solver, shape);
    Levels levels = new Levels(planes);
    float[] row = new float[cols];
    float[] stored = new float[cols];
    int[] codes = new int[cols];
    float[] slots = new float[shape.groups() * shape.slots()];
    double[] errors = new double[numbers.length];
    int[] heard = new int[1];
    sum.tell(error -> errors[heard[0]++] = error);
    for (int i = 0; i < numbers.length; i++) {
      source.read(numbers[i], row);
      found.solve(row, codes, slots);
      shape.restore(codes, slots, levels, stored);
      sum.add(row, stored);
    }
    sum.errors();
    return errors;
  }
}
