package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.SpareArrays;

/**
 * Keys and values of one attention, as rows: in 8 bits where they are products of rounded
 * activations, else in floats. In the arrays all rows of a head lie in one stretch, since an
 * attention reads all positions of a head at a time, and those come fastest in one stretch.
 */
abstract class KeyValueStore {

  /**
   * Creates an empty store.
   *
   * @param int8 whether it keeps 8 bits
   * @param arrays where its arrays come from
   */
  static KeyValueStore create(
      Kernels kernels, boolean int8, int heads, int headWidth, SpareArrays arrays) {
    return int8
        ? new Int8KeyValueStore(kernels, heads, headWidth, arrays)
        : new FloatKeyValueStore(heads, headWidth, arrays);
  }

  /** Returns the bytes of a row. */
  static long bytesOfRow(boolean int8, StackConfig stack) {
    return 2L
        * stack.heads()
        * (int8 ? stack.headWidth() + Float.BYTES : Float.BYTES * stack.headWidth());
  }

  /** Makes room for some rows, of which those that there were keep what they have. */
  abstract void grow(int rows);

  /**
   * Takes over keys and values of columns.
   *
   * @param columnFrom first column
   * @param columnTo end of the range of columns
   * @param row row of the first column; the others follow
   * @param headFrom first head
   * @param headTo end of the range of heads
   */
  abstract void put(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      int row,
      int headFrom,
      int headTo);

  /** Returns whether queries with rows of their own can be computed in one call. */
  abstract boolean together();

  /** Points a view at the rows of a query, {@code rows[rowsAt..]}; the next has its own behind. */
  abstract void view(KeyValueRows view, RowNumbers rows, int rowsAt, int rowsStride, int count);

  /** Points a view at the first rows, in their order, for all queries. */
  abstract void view(KeyValueRows view, int count);

  /** Gives the arrays back; the store is not used any more. */
  abstract void release();
}
