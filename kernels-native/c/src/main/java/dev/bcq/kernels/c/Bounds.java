package dev.bcq.kernels.c;

import dev.bcq.runtime.kernels.InputForm;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
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
  static void requireRange(long from, long to, int length) {
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
    RowNumbers rows = memory.rows();
    if (rows == null || memory.rowsStride() != 0) {
      throw new IndexOutOfBoundsException("floats have the same listed rows for all queries");
    }
    int largest = largestRow(rows, memory.rowsAt(), count);
    long end =
        (long) largest * memory.stride()
            + (memory.heads() - 1L) * memory.headStride()
            + memory.headWidth();
    require(end, memory.keys().values().length);
    require(end, memory.values().values().length);
    Activations bias = memory.bias();
    if (bias != null) {
      requireBiases(memory, bias, columns, headFrom, headTo);
    }
  }

  /**
   * Checks that keys and values in 8 bits, scratch and biases of some heads lie in their arrays.
   *
   * @param columns queries, at least one
   * @throws IndexOutOfBoundsException if not
   */
  static void requireRows(
      KeyValueRows memory, Int8KeyValues int8, int columns, int headFrom, int headTo) {
    int count = memory.count();
    if (count < 1
        || count > int8.capacity()
        || memory.heads() != int8.heads()
        || memory.headWidth() != int8.headWidth()) {
      throw new IndexOutOfBoundsException(
          count
              + " positions, "
              + memory.heads()
              + " heads of "
              + memory.headWidth()
              + ", but room for "
              + int8.capacity()
              + " rows of "
              + int8.heads()
              + " heads of "
              + int8.headWidth());
    }
    RowNumbers rows = memory.rows();
    long padded = (count + CHUNK - 1L) & -CHUNK;
    require(
        QUERIES * (padded + (rows == null ? 0 : int8.capacity())), memory.scores().values().length);
    for (int column = 0; rows != null && column < columns; column++) {
      long at = memory.rowsAt() + (long) column * memory.rowsStride();
      int largest = largestRow(rows, at, count);
      if (largest >= int8.capacity()) {
        throw new IndexOutOfBoundsException("row " + largest + " of " + int8.capacity());
      }
    }
    Activations bias = memory.bias();
    if (bias != null) {
      requireBiases(memory, bias, columns, headFrom, headTo);
    }
  }

  private static int largestRow(RowNumbers rows, long from, int count) {
    requireRange(from, from + count, rows.values().length);
    int largest = 0;
    int signs = 0;
    for (int i = (int) from; i < (int) from + count; i++) {
      largest = Math.max(largest, rows.values()[i]);
      signs |= rows.values()[i];
    }
    if (signs < 0) {
      throw new IndexOutOfBoundsException("the number of a row is negative");
    }
    return largest;
  }

  private static void requireBiases(
      KeyValueRows memory, Activations bias, int columns, int headFrom, int headTo) {
    if (bias.stride() < 0) {
      throw new IndexOutOfBoundsException("biases of heads " + bias.stride() + " apart");
    }
    long lastColumn = (columns - 1L) * memory.biasStep();
    long first = memory.biasOffset() + (long) headFrom * bias.stride() + Math.min(0, lastColumn);
    long end =
        memory.biasOffset()
            + (headTo - 1L) * bias.stride()
            + Math.max(0, lastColumn)
            + memory.count();
    requireRange(first, end, bias.values().length);
  }
}
