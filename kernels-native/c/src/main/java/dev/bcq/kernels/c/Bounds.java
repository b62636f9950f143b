package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import java.util.Objects;

/**
 * What C takes on trust: that a call stays in its arrays. Everything is computed in 64 bits, which
 * products of two sizes do not leave.
 */
final class Bounds {
  /** Queries whose scores the library keeps at once. */
  private static final int QUERIES = 4;

  private static final int CHUNK = 32;
  private static final int TABLES = 128;

  private Bounds() {}

  /**
   * Checks that some rows of some columns lie in their array.
   *
   * @throws IndexOutOfBoundsException if not
   */
  static void requireColumns(
      Activations x, int columnFrom, int columnTo, long rowFrom, long rowTo) {
    Objects.checkFromToIndex(columnFrom, columnTo, Integer.MAX_VALUE);
    if (x.offset() < 0 || x.stride() < 0 || rowFrom < 0 || rowTo < rowFrom) {
      throw new IndexOutOfBoundsException(
          "rows "
              + rowFrom
              + " to "
              + rowTo
              + " of columns at "
              + x.offset()
              + " + column * "
              + x.stride());
    }
    if (columnFrom < columnTo) {
      long first = x.offset() + (long) columnFrom * x.stride() + rowFrom;
      long end = x.offset() + (columnTo - 1L) * x.stride() + rowTo;
      requireRange(first, end, x.values().length);
    }
  }

  /**
   * Checks that an input has the columns of a matrix, in a form.
   *
   * @throws IllegalArgumentException if it has others
   * @throws IndexOutOfBoundsException if it was not prepared in this form
   */
  static void requireInput(int cols, PreparedInput x, InputForm form) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "the input has " + x.cols() + " values, the matrix " + cols + " columns");
    }
    requireForm(x, form);
  }

  /**
   * Checks that the buffers of a form hold an input.
   *
   * @throws IndexOutOfBoundsException if not
   */
  static void requireForm(PreparedInput x, InputForm form) {
    if (x.chunks() < 0 || x.columns() < 0) {
      throw new IndexOutOfBoundsException(x.columns() + " columns of " + x.chunks() + " chunks");
    }
    long chunks = (long) x.columns() * x.chunks();
    long spans = (long) x.columns() * x.spans();
    switch (form) {
      case FLOATS -> require(chunks * CHUNK, x.floats().length);
      case BYTE_TABLES -> {
        require(chunks * TABLES, x.byteTables().length);
        require(spans, x.tableScales().length);
      }
      case FLOAT_TABLES -> require(chunks * TABLES, x.floatTables().length);
      case BYTES -> {
        require(chunks * CHUNK, x.bytes().length);
        require(spans, x.byteScales().length);
        require(chunks, x.byteSums().length);
      }
      case BIT_SLICES -> {
        require(chunks * PreparedInput.SLICES, x.bitSlices().length);
        require(spans, x.sliceScales().length);
        require(chunks, x.chunkSums().length);
      }
    }
  }

  /**
   * Checks that an input has sums of groups.
   *
   * @throws IndexOutOfBoundsException if not
   */
  static void requireGroupSums(PreparedInput x, int groups) {
    require((long) x.columns() * groups, x.groupSums().length);
  }

  private static void require(long needed, int length) {
    requireRange(0, needed, length);
  }

  // Objects.checkFromToIndex, which Android 8 has for 32 bits alone.
  private static void requireRange(long from, long to, int length) {
    if (from < 0 || from > to || to > length) {
      throw new IndexOutOfBoundsException(
          "values " + from + " to " + to + " of an array of " + length);
    }
  }

  /**
   * Checks that keys, values, scratch and biases of some heads lie in their arrays.
   *
   * @param columns queries, at least one
   * @throws IndexOutOfBoundsException if not
   */
  static void requireRows(KeyValueRows memory, int columns, int headFrom, int headTo) {
    int count = memory.count();
    if (count < 1 || memory.headWidth() < 1 || memory.stride() < 0 || memory.headStride() < 0) {
      throw new IndexOutOfBoundsException(
          count
              + " positions, heads of "
              + memory.headWidth()
              + ", strides "
              + memory.stride()
              + " and "
              + memory.headStride());
    }
    require(QUERIES * ((count + 15L) & -16L), memory.scores().values().length);
    int[] rows = memory.rows().values();
    int largest = 0;
    int signs = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, rows[i]);
      signs |= rows[i];
    }
    if (signs < 0) {
      throw new IndexOutOfBoundsException("the number of a row is negative");
    }
    long end =
        (long) largest * memory.stride()
            + (memory.heads() - 1L) * memory.headStride()
            + memory.headWidth();
    require(end, memory.keys().values().length);
    require(end, memory.values().values().length);
    Activations bias = memory.bias();
    if (bias != null) {
      requireBiases(bias, memory.biasOffset(), count, columns, headFrom, headTo);
    }
  }

  private static void requireBiases(
      Activations bias, long offset, int count, int columns, int headFrom, int headTo) {
    if (bias.stride() < 0) {
      throw new IndexOutOfBoundsException("biases of heads " + bias.stride() + " apart");
    }
    long first = offset + (long) headFrom * bias.stride() - (columns - 1L);
    long end = offset + (headTo - 1L) * bias.stride() + count;
    requireRange(first, end, bias.values().length);
  }
}
