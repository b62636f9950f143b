package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.SpareArrays;

/** Keys and values in 8 bits. */
final class Int8KeyValueStore extends KeyValueStore {
  private final Kernels kernels;
  private final int heads;
  private final int headWidth;
  private final SpareArrays arrays;
  private Int8KeyValues rows;

  Int8KeyValueStore(Kernels kernels, int heads, int headWidth, SpareArrays arrays) {
    this.kernels = kernels;
    this.heads = heads;
    this.headWidth = headWidth;
    this.arrays = arrays;
    this.rows = new Int8KeyValues(heads, headWidth, 0, new byte[0], new float[0]);
  }

  @Override
  void grow(int wanted) {
    int capacity = Int8KeyValues.capacity(wanted);
    if (capacity <= rows.capacity()) {
      return;
    }
    long tiles = Int8KeyValues.tilesLength(heads, headWidth, capacity);
    long scales = Int8KeyValues.scalesLength(heads, capacity);
    Int8KeyValues grown =
        new Int8KeyValues(
            heads,
            headWidth,
            capacity,
            arrays.bytes(Math.toIntExact(tiles)),
            arrays.floats(Math.toIntExact(scales)));
    grown.copyRows(rows);
    release();
    rows = grown;
  }

  @Override
  void put(
      Activations keys,
      Activations values,
      int columnFrom,
      int columnTo,
      int row,
      int headFrom,
      int headTo) {
    kernels.store(keys, values, columnFrom, columnTo, rows, row, headFrom, headTo);
  }

  @Override
  boolean together() {
    return true;
  }

  @Override
  void view(KeyValueRows view, RowNumbers numbers, int rowsAt, int rowsStride, int count) {
    view.point(rows, numbers, rowsAt, rowsStride, count);
  }

  @Override
  void view(KeyValueRows view, int count) {
    view.point(rows, null, 0, 0, count);
  }

  @Override
  void release() {
    arrays.give(rows.tiles());
    arrays.give(rows.scales());
  }
}
