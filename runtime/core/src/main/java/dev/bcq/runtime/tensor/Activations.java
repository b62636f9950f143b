package dev.bcq.runtime.tensor;

/**
 * Activations, [columns][stride]: value r of column j is {@code values[offset + j * stride + r]}. A
 * column is a token of a sentence or a beam.
 *
 * @param values the array, shared with whoever made it
 * @param offset index of the first value, 0 or more
 * @param stride distance between columns, 0 or more
 */
public record Activations(float[] values, int offset, int stride) {

  /** Allocates zeros for a number of columns, one after another. */
  public static Activations allocate(int columns, int stride) {
    return new Activations(new float[columns * stride], 0, stride);
  }

  /** Returns the same activations from a column on. */
  public Activations from(int column) {
    return column == 0 ? this : new Activations(values, at(column), stride);
  }

  /** Returns the index of a column's first value. */
  public int at(int column) {
    return offset + column * stride;
  }
}
