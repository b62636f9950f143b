package dev.bcq.runtime.kernels;

/**
 * The keys and values that one query attends to: rows of two arrays, picked by index, so that beams
 * which share their past share its rows.
 */
public final class KeyValueRows {
  private static final int LINE = 16;

  private final int heads;
  private final int headWidth;
  private float[] keys = {};
  private float[] values = {};
  private int[] rows = {};
  private int stride;
  private int count;

  /** Creates a view for a number of heads and the width of one. */
  public KeyValueRows(int heads, int headWidth) {
    this.heads = heads;
    this.headWidth = headWidth;
  }

  /**
   * Returns the distance at which rows of a width should lie: one cache line more, or rows a power
   * of two apart would all compete for the same few places of the cache.
   */
  public static int paddedStride(int width) {
    return width + LINE;
  }

  /**
   * Points the view elsewhere; arrays are kept, not copied.
   *
   * @param keys rows of {@code heads * headWidth} values, {@code stride} apart
   * @param values likewise
   * @param rows number of the row of each position
   * @param count positions
   */
  public void point(float[] keys, float[] values, int stride, int[] rows, int count) {
    this.stride = stride;
    this.keys = keys;
    this.values = values;
    this.rows = rows;
    this.count = count;
  }

  /** Returns the number of heads. */
  public int heads() {
    return heads;
  }

  /** Returns the width of a head. */
  public int headWidth() {
    return headWidth;
  }

  /** Returns the keys' rows. */
  public float[] keys() {
    return keys;
  }

  /** Returns the values' rows. */
  public float[] values() {
    return values;
  }

  /** Returns the distance between rows. */
  public int stride() {
    return stride;
  }

  /** Returns the number of the row of each position. */
  public int[] rows() {
    return rows;
  }

  /** Returns the number of positions. */
  public int count() {
    return count;
  }
}
