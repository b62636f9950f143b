package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.Views;
import org.jspecify.annotations.Nullable;

/**
 * What queries attend to: keys and values as rows, in floats or in 8 bits, picked by number, so
 * that beams which share their past share its rows; and what becomes of the scores. Not
 * thread-safe: it owns the scratch of an attention.
 */
public final class KeyValueRows {
  private static final int LINE = 16;

  private static final int CHUNK = 32;

  /** Queries that a provider may compute together. */
  private static final int QUERIES = 4;

  private static final Activations NONE = Activations.allocate(0, 0);
  private static final RowNumbers NO_ROWS = new RowNumbers(new int[0]);

  private final int heads;
  private final int headWidth;
  private Activations keys = NONE;
  private Activations values = NONE;
  private @Nullable Int8KeyValues int8;
  private @Nullable RowNumbers rows = NO_ROWS;
  private int rowsAt;
  private int rowsStride;
  private int headStride;
  private int count;
  private float scale = 1f;
  private @Nullable Activations bias;
  private int biasOffset;
  private int biasStep;
  private Activations scores = Activations.allocate(1, 64);
  private final Views<KeyValueRows> views = new Views<>(this);

  /** Creates a view for a number of heads and the width of one. */
  public KeyValueRows(int heads, int headWidth) {
    this.heads = heads;
    this.headWidth = headWidth;
  }

  /**
   * Points the view at floats; arrays are kept, not copied. Value c of head h in row r lies at
   * {@code h * headStride + r * stride of keys + c}: the heads of a row one behind the other, or
   * the rows of a head.
   *
   * @param keys the keys, from index 0 on
   * @param values likewise, as far apart
   * @param headStride distance between the heads of a row, 0 or more
   * @param rows number of the row of each position, for all queries
   * @param rowsAt where that of position 0 stands
   * @param count positions
   * @throws IllegalArgumentException if the rows of keys and of values lie at different places
   */
  public void point(
      Activations keys,
      Activations values,
      int headStride,
      RowNumbers rows,
      int rowsAt,
      int count) {
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
    this.int8 = null;
    point(rows, rowsAt, 0, count);
    makeRoom(Math.max(heads, QUERIES) * ((count + LINE - 1) & -LINE));
  }

  /**
   * Points the view at keys and values in 8 bits. Position i of query j of a call has row {@code
   * rows[rowsAt + j * rowsStride + i]}, or row i if there are no rows.
   *
   * @param int8 keys and values, with heads as this view has them
   * @param count positions
   */
  public void point(
      Int8KeyValues int8, @Nullable RowNumbers rows, int rowsAt, int rowsStride, int count) {
    this.int8 = int8;
    point(rows, rowsAt, rowsStride, count);
    makeRoom(int8Scratch(int8, rows, count));
  }

  /** Returns the floats of scratch that an attention over keys and values in 8 bits needs. */
  public static int int8Scratch(Int8KeyValues int8, @Nullable RowNumbers rows, int count) {
    int padded = (count + CHUNK - 1) & -CHUNK;
    return QUERIES * (padded + (rows == null ? 0 : int8.capacity())) + int8.headWidth();
  }

  private void point(@Nullable RowNumbers rows, int rowsAt, int rowsStride, int count) {
    this.rows = rows;
    this.rowsAt = rowsAt;
    this.rowsStride = rowsStride;
    this.count = count;
  }

  private void makeRoom(int needed) {
    int present = scores.stride();
    if (present < needed) {
      scores = Activations.allocate(1, Math.max(needed, 2 * present));
    }
  }

  /**
   * Says what becomes of a score: {@code score * scale}, and in head h at position i {@code
   * bias[biasOffset + j * biasStep + h * stride of bias + i]} more, in query j of a call.
   *
   * @param bias [heads][stride], or null for none
   * @param biasOffset index of the first head's first bias in the array
   * @param biasStep distance of the biases of the next query: -1 for biases by distance, where each
   *     query stands one position behind the one before it
   */
  public void score(float scale, @Nullable Activations bias, int biasOffset, int biasStep) {
    this.scale = scale;
    this.bias = bias;
    this.biasOffset = biasOffset;
    this.biasStep = biasStep;
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

  /** Returns keys and values in 8 bits, or null if they are floats. */
  public @Nullable Int8KeyValues int8() {
    return int8;
  }

  /** Returns the numbers of rows, or null if position i has row i. */
  public @Nullable RowNumbers rows() {
    return rows;
  }

  /** Returns where the number of position 0 stands among those of rows. */
  public int rowsAt() {
    return rowsAt;
  }

  /** Returns the distance between the numbers of a query and those of the next one. */
  public int rowsStride() {
    return rowsStride;
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

  /** Returns the distance between the biases of a query and those of the next one. */
  public int biasStep() {
    return biasStep;
  }

  /**
   * Returns scratch: for the scores of each head, or of four queries, their positions filled up to
   * a multiple of 16; for 8 bits see {@link #int8Scratch}.
   */
  public Activations scores() {
    return scores;
  }

  /** Returns what providers keep here: scratch of their own, in forms that floats do not have. */
  public Views<KeyValueRows> views() {
    return views;
  }
}
