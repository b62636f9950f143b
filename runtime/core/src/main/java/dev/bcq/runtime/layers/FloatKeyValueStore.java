package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.stream.IntStream;

/** Keys and values as floats. */
final class FloatKeyValueStore extends KeyValueStore {
  private final int heads;
  private final int headWidth;
  private final SpareArrays arrays;
  private int capacity;
  private Activations keys;
  private Activations values;
  private RowNumbers inOrder = new RowNumbers(new int[0]);

  FloatKeyValueStore(int heads, int headWidth, SpareArrays arrays) {
    this.heads = heads;
    this.headWidth = headWidth;
    this.arrays = arrays;
    this.keys = Activations.allocate(0, headWidth);
    this.values = keys;
  }

  @Override
  void grow(int rows) {
    if (rows > capacity) {
      keys = grown(keys, rows);
      values = grown(values, rows);
      capacity = rows;
    }
  }

  private Activations grown(Activations former, int rows) {
    float[] array = arrays.floats(Math.toIntExact((long) heads * rows * headWidth));
    for (int head = 0; head < heads; head++) {
      int from = head * capacity * headWidth;
      int to = head * rows * headWidth;
      System.arraycopy(former.values(), from, array, to, capacity * headWidth);
    }
    arrays.give(former.values());
    return new Activations(array, 0, headWidth);
  }

  @Override
  void put(
      Activations newKeys,
      Activations newValues,
      int columnFrom,
      int columnTo,
      int row,
      int headFrom,
      int headTo) {
    for (int column = columnFrom; column < columnTo; column++) {
      int to = row + column - columnFrom;
      copy(newKeys, column, keys, to, headFrom, headTo);
      copy(newValues, column, values, to, headFrom, headTo);
    }
  }

  private void copy(
      Activations from, int column, Activations to, int row, int headFrom, int headTo) {
    for (int head = headFrom; head < headTo; head++) {
      System.arraycopy(
          from.values(),
          from.at(column) + head * headWidth,
          to.values(),
          to.at(head * capacity + row),
          headWidth);
    }
  }

  @Override
  boolean together() {
    return false;
  }

  @Override
  void view(KeyValueRows view, RowNumbers rows, int rowsAt, int rowsStride, int count) {
    view.point(keys, values, capacity * headWidth, rows, rowsAt, count);
  }

  @Override
  void view(KeyValueRows view, int count) {
    if (inOrder.values().length < count) {
      inOrder = new RowNumbers(IntStream.range(0, capacity).toArray());
    }
    view(view, inOrder, 0, 0, count);
  }

  @Override
  void release() {
    arrays.give(keys.values());
    arrays.give(values.values());
  }
}
