package dev.bcq.converter.quantize;

/** Rows of a matrix as float32. */
@FunctionalInterface
public interface RowSource {

  /** Reads one row into the front of an array. */
  void read(int row, float[] into);
}
