package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatArrays;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Arrays;

/**
 * Keys and values of the decoder's past, for all layers and beams of one sentence.
 *
 * <p>One arena of rows per layer. A beam knows its past as a list of rows, so beams that continue
 * the same hypothesis share its rows, and reordering moves row numbers, never keys or values. Rows
 * that no beam's past has any longer are used again: beams soon agree on all but the last steps,
 * and four of them need little more than one. In an arena all rows of a head lie in one stretch, as
 * in an {@link AttentionMemory}.
 */
final class KeyValueCache {
  private final int heads;
  private final int headWidth;
  private final int beams;
  private final int limit;
  private final FloatArrays arrays;
  private final Activations[] keys;
  private final Activations[] values;
  private RowNumbers[] history;
  private RowNumbers[] nextHistory;
  private int length;
  private int columns;

  /** Rows of which no beam knows are {@code unused[0..unusedCount)}, the next one last. */
  private int[] unused = {};

  private int unusedCount;
  private boolean[] known = {};

  /**
   * Creates an empty cache.
   *
   * @param layers layers of the decoder
   * @param heads heads of a layer
   * @param headWidth width of a head
   * @param beams most columns of a step
   * @param limit most steps
   * @param expected steps that there will probably be: room for them is there from the beginning
   * @param arrays where arenas come from
   */
  KeyValueCache(
      int layers,
      int heads,
      int headWidth,
      int beams,
      int limit,
      int expected,
      FloatArrays arrays) {
    this.heads = heads;
    this.headWidth = headWidth;
    this.beams = beams;
    this.limit = limit;
    this.arrays = arrays;
    int positions = Math.min(expected, limit);
    this.keys = new Activations[layers];
    this.values = new Activations[layers];
    this.history = new RowNumbers[beams];
    this.nextHistory = new RowNumbers[beams];
    Arrays.fill(keys, Activations.allocate(0, headWidth));
    Arrays.fill(values, Activations.allocate(0, headWidth));
    for (int beam = 0; beam < beams; beam++) {
      history[beam] = new RowNumbers(new int[positions]);
      nextHistory[beam] = new RowNumbers(new int[positions]);
    }
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
    if (length == history[0].values().length) {
      growHistory();
    }
    for (int column = 0; column < columns; column++) {
      if (length > 0) {
        int[] past = history[parents[column]].values();
        System.arraycopy(past, 0, nextHistory[column].values(), 0, length);
      }
    }
    RowNumbers[] former = history;
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
      history[column].values()[length] = unused[--unusedCount];
    }
    length++;
  }

  private void findUnused() {
    Arrays.fill(known, false);
    for (int column = 0; column < columns; column++) {
      int[] past = history[column].values();
      for (int position = 0; position < length; position++) {
        known[past[position]] = true;
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
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = grown(keys[layer], former, rows);
      values[layer] = grown(values[layer], former, rows);
    }
    known = new boolean[rows];
    unused = Arrays.copyOf(unused, rows);
    for (int row = rows - 1; row >= former; row--) {
      unused[unusedCount++] = row;
    }
  }

  private Activations grown(Activations arena, int former, int rows) {
    float[] values = arrays.take(heads * rows * headWidth);
    for (int head = 0; head < heads; head++) {
      int from = head * former * headWidth;
      System.arraycopy(arena.values(), from, values, head * rows * headWidth, former * headWidth);
    }
    arrays.give(arena.values());
    return new Activations(values, 0, headWidth);
  }

  /** Gives the arenas back; the cache is not used any more. */
  void release() {
    for (int layer = 0; layer < keys.length; layer++) {
      arrays.give(keys[layer].values());
      arrays.give(values[layer].values());
    }
  }

  private void growHistory() {
    if (length == limit) {
      throw new IllegalStateException("the key-value cache is full: " + limit + " steps");
    }
    int positions = Math.min(limit, 2 * length);
    for (int beam = 0; beam < beams; beam++) {
      history[beam] = new RowNumbers(Arrays.copyOf(history[beam].values(), positions));
      nextHistory[beam] = new RowNumbers(new int[positions]);
    }
  }

  /**
   * Takes over keys and values of the present step.
   *
   * @param newKeys those of all sentences in the step
   * @param newValues likewise
   * @param first column of this sentence's first one
   * @param columns columns of this sentence
   */
  void store(int layer, Activations newKeys, Activations newValues, int first, int columns) {
    for (int column = 0; column < columns; column++) {
      int row = history[column].values()[length - 1];
      copy(newKeys, first + column, keys[layer], row);
      copy(newValues, first + column, values[layer], row);
    }
  }

  private void copy(Activations from, int column, Activations to, int row) {
    for (int head = 0; head < heads; head++) {
      System.arraycopy(
          from.values(),
          from.at(column) + head * headWidth,
          to.values(),
          to.at(head * rows() + row),
          headWidth);
    }
  }

  void view(int layer, int column, KeyValueRows view) {
    view.point(keys[layer], values[layer], rows() * headWidth, history[column], length);
  }
}
