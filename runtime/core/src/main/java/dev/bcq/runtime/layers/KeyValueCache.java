package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import java.util.Arrays;

/**
 * Keys and values of the decoder's past, for all layers and beams of one sentence.
 *
 * <p>One arena per layer: step t of beam b owns row {@code t * beams + b}. A beam knows its past as
 * a list of rows, so beams that continue the same hypothesis share its rows, and reordering moves
 * row numbers, never keys or values.
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
  private int positions;
  private int length;

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
    this.positions = Math.min(FIRST_POSITIONS, limit);
    this.keys = new float[layers][positions * beams * stride];
    this.values = new float[layers][positions * beams * stride];
    this.history = new int[beams][positions];
    this.nextHistory = new int[beams][positions];
  }

  /** Returns the number of steps so far, the present one included. */
  int length() {
    return length;
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
      grow();
    }
    for (int column = 0; column < columns; column++) {
      if (length > 0) {
        System.arraycopy(history[parents[column]], 0, nextHistory[column], 0, length);
      }
      nextHistory[column][length] = length * beams + column;
    }
    int[][] former = history;
    history = nextHistory;
    nextHistory = former;
    length++;
  }

  private void grow() {
    if (positions == limit) {
      throw new IllegalStateException("the key-value cache is full: " + limit + " steps");
    }
    positions = Math.min(limit, 2 * positions);
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = Arrays.copyOf(keys[layer], positions * beams * stride);
      values[layer] = Arrays.copyOf(values[layer], positions * beams * stride);
    }
    for (int beam = 0; beam < beams; beam++) {
      history[beam] = Arrays.copyOf(history[beam], positions);
      nextHistory[beam] = Arrays.copyOf(nextHistory[beam], positions);
    }
  }

  /**
   * Takes over keys and values of the present step.
   *
   * @param buffers those of all sentences in the step
   * @param first column of this sentence's first one
   * @param columns columns of this sentence
   */
  void store(int layer, LayerBuffers buffers, int first, int columns) {
    int present = (length - 1) * beams * stride;
    int length = columns * stride;
    System.arraycopy(buffers.keys.values(), buffers.keys.at(first), keys[layer], present, length);
    System.arraycopy(
        buffers.values.values(), buffers.values.at(first), values[layer], present, length);
  }

  void view(int layer, int column, KeyValueRows view) {
    view.point(keys[layer], values[layer], stride, history[column], length);
  }
}
