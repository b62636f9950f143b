package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of the decoder's past, for all layers and beams of one sentence.
 *
 * <p>One store of rows per layer. A beam knows its past as a list of rows, so beams that continue
 * the same hypothesis share its rows, and reordering moves row numbers, never keys or values. Rows
 * that no beam's past has any longer are used again: beams soon agree on all but the last steps,
 * and four of them need little more than one.
 */
final class KeyValueCache {
  private final List<KeyValueStore> layers;
  private final int beams;
  private final int limit;

  /** Rows of each beam's past, [beams][positions that there is room for]. */
  private RowNumbers history;

  private RowNumbers nextHistory;
  private int positions;
  private int length;
  private int columns;

  /** Rows of which no beam knows are {@code unused[0..unusedCount)}, the next one last. */
  private int[] unused = {};

  private int unusedCount;
  private boolean[] known = {};

  /**
   * Creates an empty cache.
   *
   * @param layers an empty store for each layer of the decoder
   * @param beams most columns of a step
   * @param limit most steps
   * @param expected steps that there will probably be: room for them is there from the beginning
   */
  KeyValueCache(List<KeyValueStore> layers, int beams, int limit, int expected) {
    this.layers = layers;
    this.beams = beams;
    this.limit = limit;
    this.positions = Math.min(expected, limit);
    this.history = new RowNumbers(new int[beams * positions]);
    this.nextHistory = new RowNumbers(new int[beams * positions]);
    growRows(positions + beams);
  }

  /** Returns the number of steps so far, the present one included. */
  int length() {
    return length;
  }

  /** Returns the rows that there is memory for. */
  int rows() {
    return known.length;
  }

  /**
   * Begins the next step.
   *
   * @param parents for each column the column of the step before that it continues; not read in the
   *     first step
   * @param columns columns of this step
   */
  void advance(int[] parents, int columns) {
    if (length == positions) {
      growHistory();
    }
    for (int column = 0; column < columns && length > 0; column++) {
      int from = parents[column] * positions;
      System.arraycopy(history.values(), from, nextHistory.values(), column * positions, length);
    }
    RowNumbers former = history;
    history = nextHistory;
    nextHistory = former;
    this.columns = columns;
    if (unusedCount < columns) {
      findUnused();
    }
    if (unusedCount < columns) {
      growRows(2 * rows() + columns);
    }
    for (int column = 0; column < columns; column++) {
      history.values()[column * positions + length] = unused[--unusedCount];
    }
    length++;
  }

  private void findUnused() {
    Arrays.fill(known, false);
    for (int column = 0; column < columns; column++) {
      int past = column * positions;
      for (int position = 0; position < length; position++) {
        known[history.values()[past + position]] = true;
      }
    }
    unusedCount = 0;
    for (int row = rows() - 1; row >= 0; row--) {
      if (!known[row]) {
        unused[unusedCount++] = row;
      }
    }
  }

  private void growRows(int wanted) {
    int former = rows();
    int rows = (int) Math.min(wanted, (long) limit * beams);
    for (KeyValueStore layer : layers) {
      layer.grow(rows);
    }
    known = new boolean[rows];
    unused = Arrays.copyOf(unused, rows);
    for (int row = rows - 1; row >= former; row--) {
      unused[unusedCount++] = row;
    }
  }

  /** Gives the arrays back; the cache is not used any more. */
  void release() {
    layers.forEach(KeyValueStore::release);
  }

  private void growHistory() {
    if (length == limit) {
      throw new IllegalStateException("the key-value cache is full: " + limit + " steps");
    }
    int grown = Math.min(limit, 2 * length);
    int[] numbers = new int[Math.multiplyExact(beams, grown)];
    for (int beam = 0; beam < beams; beam++) {
      System.arraycopy(history.values(), beam * positions, numbers, beam * grown, length);
    }
    positions = grown;
    history = new RowNumbers(numbers);
    nextHistory = new RowNumbers(new int[numbers.length]);
  }

  /**
   * Takes over keys and values of the present step.
   *
   * @param newKeys those of all sentences in the step
   * @param newValues likewise
   * @param first column of this sentence's first one
   * @param headFrom first head
   * @param headTo end of the range of heads
   */
  void store(
      int layer, Activations newKeys, Activations newValues, int first, int headFrom, int headTo) {
    KeyValueStore store = layers.get(layer);
    for (int column = 0; column < columns; column++) {
      int row = history.values()[column * positions + length - 1];
      int from = first + column;
      store.put(newKeys, newValues, from, from + 1, row, headFrom, headTo);
    }
  }

  /** Returns whether all columns of a layer can be computed in one call. */
  boolean together(int layer) {
    return layers.get(layer).together();
  }

  // One beam's rows are used in their order.
  void view(int layer, int column, KeyValueRows view) {
    KeyValueStore store = layers.get(layer);
    if (beams == 1) {
      store.view(view, length);
    } else {
      store.view(view, history, column * positions, positions, length);
    }
  }
}
