package dev.bcq.runtime.kernels;

import org.jspecify.annotations.Nullable;

/**
 * What one query attends to: keys and values, as rows of two arrays picked by index, so that beams
 * which share their past share its rows; and what becomes of the scores. Not thread-safe: it owns
 * the scratch of an attention.
 */
public final class KeyValueRows {
  private static final int LINE = 16;

  /** Queries that a provider may compute together. */
  private static final int QUERIES = 4;

  private final int heads;
  private final int headWidth;
  private float[] keys = {};
  private float[] values = {};
  private int[] rows = {};
  private int stride;
  private int count;
  private float scale = 1f;
  private float @Nullable [] bias;
  private int biasOffset;
  private int biasStride;
  private float[] scores = new float[64];

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
    int needed = Math.max(heads, QUERIES) * ((count + LINE - 1) & -LINE);
    if (scores.length < needed) {
      scores = new float[Math.max(needed, 2 * scores.length)];
    }
  }

  /**
   * Says what becomes of a score: {@code score * scale}, and in head h at position i {@code
   * bias[biasOffset + h * biasStride + i]} more. The biases of each further column of a call begin
   * one earlier, as those by distance do.
   *
   * @param bias null for none
   */
  public void score(float scale, float @Nullable [] bias, int biasOffset, int biasStride) {
    this.scale = scale;
    this.bias = bias;
    this.biasOffset = biasOffset;
    this.biasStride = biasStride;
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

  /** Returns the factor of the scores. */
  public float scale() {
    return scale;
  }

  /** Returns the array with the biases of the scores, or null. */
  public float @Nullable [] bias() {
    return bias;
  }

  /** Returns where the biases of the first head begin. */
  public int biasOffset() {
    return biasOffset;
  }

  /** Returns the distance between the biases of two heads. */
  public int biasStride() {
    return biasStride;
  }

  /**
   * Returns scratch for the scores of each head, or of four queries, their positions filled up to a
   * multiple of 16.
   */
  public float[] scores() {
    return scores;
  }
}
