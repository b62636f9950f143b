package dev.bcq.converter.report;

import dev.bcq.converter.quantize.Candidate;
import java.util.List;

/**
 * What became of a matrix.
 *
 * @param name canonical name
 * @param rows outputs
 * @param cols inputs
 * @param storage planes, {@code int8} or {@code float32}; {@code recovered} is said apart
 * @param recovered whether it was taken over without loss
 * @param relativeError squared error divided by the squared weights
 * @param bytes bytes in the file
 * @param scaleBytes how many of them are scales, offsets and the order of rows
 * @param candidates what calibration has compared, the best one first; empty without it
 */
public record MatrixReport(
    String name,
    int rows,
    int cols,
    String storage,
    boolean recovered,
    double relativeError,
    long bytes,
    long scaleBytes,
    List<Candidate> candidates) {

  /** Returns the number of weights. */
  public long weights() {
    return (long) rows * cols;
  }

  /** Returns 8 x bytes / weights. */
  public double bitsPerWeight() {
    return 8.0 * bytes / weights();
  }
}
