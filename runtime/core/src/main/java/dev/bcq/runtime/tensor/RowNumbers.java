package dev.bcq.runtime.tensor;

/** Numbers of rows, in an order of their own. */
public final class RowNumbers {
  private final int[] values;
  private final Views<RowNumbers> views = new Views<>(this);

  /** Wraps an array, which is kept. */
  public RowNumbers(int[] values) {
    this.values = values;
  }

  /** Returns the array. */
  public int[] values() {
    return values;
  }

  /** Returns the providers' views of the array. */
  public Views<RowNumbers> views() {
    return views;
  }
}
