package dev.bcq.runtime.kernels;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.InputScaledMatrix;
import dev.bcq.runtime.tensor.Views;
import java.util.Arrays;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The input of matrix kernels, [columns][cols], in the forms that they read. One is loaded with
 * activations, prepared once in each form that is needed, and read by all matrices that share it.
 * Not thread-safe while it is loaded and prepared; kernels only read it.
 */
public final class PreparedInput {
  /** Columns of activations that share a scale. */
  public static final int SPAN = 128;

  /**
   * Smallest maximum of a span that is told from zero: below, {@code 127 / maximum} could overflow.
   */
  public static final float SMALLEST_MAXIMUM = 0x1p-100f;

  /** Chunks of all columns whose tables fit an array. */
  private static final int MOST_CHUNKS = (Integer.MAX_VALUE - 8) / 128;

  /** Bits of a rounded activation. */
  public static final int SLICES = 8;

  private static final float[] NO_FLOATS = {};
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_INTS = {};

  private int cols;
  private int columns;
  private int chunks;
  private float[] floats = NO_FLOATS;
  private float[] floatTables = NO_FLOATS;
  private byte[] byteTables = NO_BYTES;
  private float[] tableScales = NO_FLOATS;
  private byte[] bytes = NO_BYTES;
  private float[] byteScales = NO_FLOATS;
  private int[] byteSums = NO_INTS;
  private int[] bitSlices = NO_INTS;
  private int[] chunkSums = NO_INTS;
  private float[] sliceScales = NO_FLOATS;
  private float[] groupSums = NO_FLOATS;
  private int groupSumChunks;
  private final EnumSet<InputForm> ready = EnumSet.noneOf(InputForm.class);
  private @Nullable Kernels owner;
  private Views<PreparedInput> views = new Views<>(this);
  private final Views<PreparedInput> forms = new Views<>(this);

  /**
   * Takes over activations and forgets all forms of the former ones. Buffers grow when needed and
   * are kept.
   *
   * @param cols values of a column that count
   * @param columns number of columns, any
   * @throws IllegalArgumentException if a number is negative, or no array could hold the tables
   */
  public void load(Activations x, int cols, int columns) {
    begin(cols, columns);
    int padded = chunks * 32;
    for (int column = 0; column < columns; column++) {
      System.arraycopy(x.values(), x.at(column), floats, column * padded, cols);
      Arrays.fill(floats, column * padded + cols, (column + 1) * padded, 0f);
    }
  }

  /**
   * Takes over the activations of another input, times the scales of a matrix' inputs.
   *
   * @param head whose outputs they are for
   * @throws IllegalArgumentException if no array could hold the tables
   */
  public void load(PreparedInput x, InputScaledMatrix scales, int head) {
    int width = scales.scaledCols();
    begin(width, x.columns);
    for (int column = 0; column < columns; column++) {
      scales.scale(head, x.floats, column * x.chunks * 32, floats, column * width);
    }
  }

  private void begin(int cols, int columns) {
    int needed = BitPlaneLayout.chunks(cols);
    if (cols < 0 || columns < 0 || (long) needed * columns > MOST_CHUNKS) {
      throw new IllegalArgumentException(
          "an input cannot have " + columns + " columns of " + cols + " values");
    }
    this.cols = cols;
    this.columns = columns;
    this.chunks = needed;
    this.ready.clear();
    this.owner = null;
    this.groupSumChunks = 0;
    floats = grow(floats, chunks * 32 * columns);
  }

  /**
   * Returns the kernels that the present activations belong to: those that came first. What one
   * provider has prepared, another one cannot read.
   */
  Kernels owner(Kernels candidate) {
    if (owner == null) {
      owner = candidate;
    }
    return owner;
  }

  /**
   * Returns what the values of a span are multiplied by before they are rounded to int8; 0 in a
   * span of zeros.
   *
   * @param maximum largest magnitude that is rounded
   */
  public static float factor(float maximum) {
    return maximum < SMALLEST_MAXIMUM ? 0 : 127f / maximum;
  }

  /** Returns what the rounded values of a span are multiplied by; 0 in a span of zeros. */
  public static float scale(float maximum) {
    return maximum < SMALLEST_MAXIMUM ? 0 : maximum / 127f;
  }

  /** Prepares a form unless the present activations have it already. */
  public void require(InputForm form, Kernels kernels) {
    if (!ready.add(form)) {
      return;
    }
    switch (form) {
      case FLOATS -> {}
      case BYTE_TABLES -> {
        byteTables = grow(byteTables, columns * chunks * 128);
        tableScales = grow(tableScales, columns * spans());
      }
      case FLOAT_TABLES -> {
        floatTables = grow(floatTables, columns * chunks * 128);
      }
      case BYTES -> {
        bytes = grow(bytes, columns * chunks * 32);
        byteScales = grow(byteScales, columns * spans());
        byteSums = grow(byteSums, columns * chunks);
      }
      case BIT_SLICES -> {
        bitSlices = grow(bitSlices, columns * chunks * SLICES);
        chunkSums = grow(chunkSums, columns * chunks);
        sliceScales = grow(sliceScales, columns * spans());
      }
    }
    kernels.prepare(form, this);
  }

  /** Computes the sum of each column's groups in the fixed shape of {@link Reduction}. */
  public void requireGroupSums(int groupChunks) {
    if (groupSumChunks == groupChunks) {
      return;
    }
    int groups = (chunks + groupChunks - 1) / groupChunks;
    groupSums = grow(groupSums, columns * groups);
    for (int column = 0; column < columns; column++) {
      for (int group = 0; group < groups; group++) {
        int from = group * groupChunks * 32;
        int to = Math.min(from + groupChunks * 32, chunks * 32);
        groupSums[column * groups + group] =
            Reduction.sum(floats, column * chunks * 32 + from, to - from);
      }
    }
    groupSumChunks = groupChunks;
  }

  /** Returns the values of a column without padding. */
  public int cols() {
    return cols;
  }

  /** Returns the number of columns. */
  public int columns() {
    return columns;
  }

  /** Returns the number of chunks of a column. */
  public int chunks() {
    return chunks;
  }

  /** Returns the number of spans of a column. */
  public int spans() {
    return (chunks + 3) / 4;
  }

  /** Returns the activations, [column][32 * chunks]. */
  public float[] floats() {
    return floats;
  }

  /** Returns the float tables, [column][chunk][octet][low nibble, high nibble][16]. */
  public float[] floatTables() {
    return floatTables;
  }

  /** Returns the byte tables, [column][chunk][low nibble, high nibble][octet][16]. */
  public byte[] byteTables() {
    return byteTables;
  }

  /** Returns the factor of the byte tables, [column][span]. */
  public float[] tableScales() {
    return tableScales;
  }

  /**
   * Returns the activations as bytes, [column][chunk][j][octet]: place {@code 4 j + o} of a chunk
   * is its column {@code 8 o + j}, as in {@link dev.bcq.format.Int8TileLayout}.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the factor of the bytes, [column][span]. */
  public float[] byteScales() {
    return byteScales;
  }

  /** Returns the sum of each chunk's bytes, [column][chunk]. */
  public int[] byteSums() {
    return byteSums;
  }

  /** Returns the bit-slices of the activations as bytes, [column][chunk][slice]. */
  public int[] bitSlices() {
    return bitSlices;
  }

  /** Returns the sum of each chunk's activations as bytes, [column][chunk]. */
  public int[] chunkSums() {
    return chunkSums;
  }

  /** Returns the sum of the activations of some chunks of a column as bytes. */
  public int sumOfChunks(int column, int from, int to) {
    int sum = 0;
    for (int chunk = column * chunks + from; chunk < column * chunks + to; chunk++) {
      sum += chunkSums[chunk];
    }
    return sum;
  }

  /** Returns the factor of the bit-slices, [column][span]. */
  public float[] sliceScales() {
    return sliceScales;
  }

  /** Returns the sum of each group of columns last asked for, [column][group]. */
  public float[] groupSums() {
    return groupSums;
  }

  /** Returns the providers' views of the buffers; others when a buffer has been replaced. */
  public Views<PreparedInput> views() {
    return views;
  }

  /**
   * Returns what providers keep of the activations in buffers of their own, beside those above:
   * always the same ones, which each fills when it prepares a form.
   */
  public Views<PreparedInput> forms() {
    return forms;
  }

  private float[] grow(float[] array, int length) {
    return array.length >= length ? array : replace(new float[length]);
  }

  private int[] grow(int[] array, int length) {
    return array.length >= length ? array : replace(new int[length]);
  }

  private byte[] grow(byte[] array, int length) {
    return array.length >= length ? array : replace(new byte[length]);
  }

  private <A> A replace(A array) {
    views = new Views<>(this);
    return array;
  }
}
