package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import java.util.Arrays;

/**
 * Keys and values of the decoder's past, for all layers and beams of one sentence.
 *
 * <p>One arena of rows per layer. A beam knows its past as a list of rows, so beams that continue
 * the same hypothesis share its rows, and reordering moves row numbers, never keys or values. Rows
 * that no beam's past has any longer are used again: beams soon agree on all but the last steps,
 * and four of them need little more than one.
 */
final class KeyValueCache {
  private static final int FIRST_POSITIONS = 16;

  private final int beams;
  private final int stride;
  private final int limit;
  private final float[][] keys;
  private final float[][] values;
  private int[][] history;
  private int[][] nextHistory;
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
   * @param width width of keys and values
   * @param beams most columns of a step
   * @param limit most steps
   */
  KeyValueCache(int layers, int width, int beams, int limit) {
    this.beams = beams;
    this.stride = KeyValueRows.paddedStride(width);
    this.limit = limit;
    int positions = Math.min(FIRST_POSITIONS, limit);
    this.keys = new float[layers][];
    this.values = new float[layers][];
    this.history = new int[beams][positions];
    this.nextHistory = new int[beams][positions];
    for (int layer = 0; layer < layers; layer++) {
      keys[layer] = new float[0];
      values[layer] = new float[0];
    }
    growRows(Math.min(FIRST_POSITIONS, limit) + beams);
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
    if (length == history[0].length) {
      growHistory();
    }
    for (int column = 0; column < columns; column++) {
      if (length > 0) {
        System.arraycopy(history[parents[column]], 0, nextHistory[column], 0, length);
      }
    }
    int[][] former = history;
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
      history[column][length] = unused[--unusedCount];
    }
    length++;
  }

  private void findUnused() {
    Arrays.fill(known, false);
    for (int column = 0; column < columns; column++) {
      for (int position = 0; position < length; position++) {
        known[history[column][position]] = true;
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
      keys[layer] = Arrays.copyOf(keys[layer], rows * stride);
      values[layer] = Arrays.copyOf(values[layer], rows * stride);
    }
    known = new boolean[rows];
    unused = Arrays.copyOf(unused, rows);
    for (int row = rows - 1; row >= former; row--) {
      unused[unusedCount++] = row;
    }
  }

  private void growHistory() {
    if (length == limit) {
      throw new IllegalStateException("the key-value cache is full: " + limit + " steps");
    }
    int positions = Math.min(limit, 2 * length);
    for (int beam = 0; beam < beams; beam++) {
      history[beam] = Arrays.copyOf(history[beam], positions);
      nextHistory[beam] = Arrays.copyOf(nextHistory[beam], positions);
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
      int to = history[column][length - 1] * stride;
      copy(newKeys, first + column, keys[layer], to);
      copy(newValues, first + column, values[layer], to);
    }
  }

  private void copy(Activations from, int column, float[] to, int at) {
    System.arraycopy(from.values(), from.at(column), to, at, stride);
  }

  void view(int layer, int column, KeyValueRows view) {
    view.point(keys[layer], values[layer], stride, history[column], length);
  }
}
