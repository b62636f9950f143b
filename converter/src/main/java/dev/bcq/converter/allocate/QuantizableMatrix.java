package dev.bcq.converter.allocate;

import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.converter.quantize.EncodedMatrix;
import dev.bcq.converter.quantize.ErrorEstimate;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.MatrixEncoder;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.converter.quantize.RowSource;
import dev.bcq.format.MatrixEntry.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * A matrix that may get any number of planes.
 *
 * @param name canonical name
 * @param rows number of rows
 * @param cols number of columns
 * @param scaleType number type of its scales
 * @param weights its weights
 * @param moments what calibration has seen of its inputs, or null
 */
public record QuantizableMatrix(
    String name,
    int rows,
    int cols,
    ScaleType scaleType,
    RowSource weights,
    @Nullable InputMoments moments) {

  /** Returns the number of weights. */
  long count() {
    return (long) rows * cols;
  }

  /** Returns what foresees its errors. */
  ErrorEstimate estimate(QuantizationOptions options) {
    return new ErrorEstimate(rows, cols, weights, inputs(), options);
  }

  /** Returns the matrix as one solver makes it. */
  EncodedMatrix.BitPlanes encode(RowDivision division, QuantizationOptions options, Solver solver) {
    return new MatrixEncoder(name, rows, cols, weights, inputs())
        .quantize(division, options, solver);
  }

  // Where nothing is known of inputs, they are taken for independent and equally large.
  private InputMoments inputs() {
    return moments == null ? InputMoments.white(cols) : moments;
  }
}
