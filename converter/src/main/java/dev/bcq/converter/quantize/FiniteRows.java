package dev.bcq.converter.quantize;

import java.util.Locale;

/** Rows whose weights must be finite. */
record FiniteRows(String name, int cols, RowSource source) implements RowSource {

  /**
   * {@inheritDoc}
   *
   * @throws QuantizationException naming a weight that is not finite
   */
  @Override
  public void read(int row, float[] into) {
    source.read(row, into);
    for (int col = 0; col < cols; col++) {
      if (!Float.isFinite(into[col])) {
        throw new QuantizationException(
            String.format(
                Locale.ROOT,
                "%s: the weight of row %d, column %d is %s",
                name,
                row,
                col,
                into[col]));
      }
    }
  }
}
