package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.RowNumbers;
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

  private static final Activations NONE = Activations.allocate(0, 0);
  private static final RowNumbers NO_ROWS = new RowNumbers(new int[0]);

  private final int heads;
  private final int headWidth;
  private Activations keys = NONE;
  private Activations values = NONE;
  private RowNumbers rows = NO_ROWS;
  private int headStride;
  private int count;
  private float scale = 1f;
  private @Nullable Activations bias;
  private int biasOffset;
  private Activations scores = Activations.allocate(1, 64);

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
   * Points the view elsewhere; arrays are kept, not copied. Value c of head h in row r lies at
   * {@code h * headStride + r * stride of keys + c}: the heads of a row one behind the other, or
   * the rows of a head.
   *
   * @param keys the keys, from index 0 on
   * @param values likewise, as far apart
   * @param headStride distance between the heads of a row, 0 or more
   * @param rows number of the row of each position
   * @param count positions
   * @throws IllegalArgumentException if the rows of keys and of values lie at different places
   */
  public void point(
      Activations keys, Activations values, int headStride, RowNumbers rows, int count) {
    if (keys.offset() != 0 || values.offset() != 0 || keys.stride() != values.stride()) {
      throw new IllegalArgumentException(
          "keys lie at "
              + keys.offset()
              + " + row * "
              + keys.stride()
              + ", values at "
              + values.offset()
              + " + row * "
              + values.stride()
              + "; both must begin at 0 and have"
              + " the same stride");
    }
    this.keys = keys;
    this.values = values;
    this.headStride = headStride;
    this.rows = rows;
    this.count = count;
    int needed = Math.max(heads, QUERIES) * ((count + LINE - 1) & -LINE);
    int present = scores.stride();
    if (present < needed) {
      scores = Activations.allocate(1, Math.max(needed, 2 * present));
    }
  }

  /**
   * Says what becomes of a score: {@code score * scale}, and in head h at position i {@code
   * bias[biasOffset + h * stride of bias + i]} more. The biases of each further column of a call
   * begin one earlier, as those by distance do.
   *
   * @param bias [heads][stride], or null for none
   * @param biasOffset index of the first head's first bias in the array
   */
  public void score(float scale, @Nullable Activations bias, int biasOffset) {
    this.scale = scale;
    this.bias = bias;
    this.biasOffset = biasOffset;
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
  public Activations keys() {
    return keys;
  }

  /** Returns the values' rows. */
  public Activations values() {
    return values;
  }

  /** Returns the distance between rows. */
  public int stride() {
    return keys.stride();
  }

  /** Returns the distance between the heads of a row. */
  public int headStride() {
    return headStride;
  }

  /** Returns the number of the row of each position. */
  public RowNumbers rows() {
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

  /** Returns the biases of the scores, or null. */
  public @Nullable Activations bias() {
    return bias;
  }

  /** Returns where the biases of the first head begin. */
  public int biasOffset() {
    return biasOffset;
  }

  /**
   * Returns scratch for the scores of each head, or of four queries, their positions filled up to a
   * multiple of 16.
   */
  public Activations scores() {
    return scores;
  }
}
