package dev.bcq.runtime.tensor;

/**
 * Activations, [columns][stride]: value r of column j is {@code values[offset + j * stride + r]}. A
 * column is a token of a sentence or a beam.
 */
public final class Activations {
  private final float[] values;
  private final int offset;
  private final int stride;
  private final Views<Activations> views = new Views<>(this);

  /**
   * Wraps an array, which is kept.
   *
   * @param values the array, shared with whoever made it
   * @param offset index of the first value, 0 or more
   * @param stride distance between columns, 0 or more
   */
  public Activations(float[] values, int offset, int stride) {
    this.values = values;
    this.offset = offset;
    this.stride = stride;
  }

  /** Allocates zeros for a number of columns, one after another. */
  public static Activations allocate(int columns, int stride) {
    return new Activations(new float[columns * stride], 0, stride);
  }

  /** Returns the same activations from a column on. */
  public Activations from(int column) {
    return column == 0 ? this : new Activations(values, at(column), stride);
  }

  /** Returns the array. */
  public float[] values() {
    return values;
  }

  /** Returns the index of the first value. */
  public int offset() {
    return offset;
  }

  /** Returns the distance between columns. */
  public int stride() {
    return stride;
  }

  /** Returns the index of a column's first value. */
  public int at(int column) {
    return offset + column * stride;
  }

  /** Returns the providers' views of the array. */
  public Views<Activations> views() {
    return views;
  }
}
