package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.Activations;

/**
 * The matrices of an attention block.
 *
 * @param query [attention width, width]
 * @param key [attention width, width]
 * @param value [attention width, width]
 * @param output [width, attention width]
 * @param scale factor of {@code q.k}
 */
public record AttentionWeights(Linear query, Linear key, Linear value, Linear output, float scale) {

  /**
   * Computes queries, keys and values of columns.
   *
   * @param first where they stand among all columns of the buffers
   */
  void project(Activations x, int first, int columns, LayerBuffers buffers) {
    buffers.input.load(x, query.cols(), columns);
    buffers
        .products
        .and(query, buffers.queries.from(first))
        .and(key, buffers.keys.from(first))
        .and(value, buffers.values.from(first))
        .compute();
  }

  /** Computes keys and values of all columns. */
  void projectMemory(Activations x, int columns, LayerBuffers buffers) {
    int together = buffers.together();
    for (int first = 0; first < columns; first += together) {
      projectMemory(x.from(first), first, Math.min(together, columns - first), buffers);
    }
  }

  private void projectMemory(Activations x, int first, int columns, LayerBuffers buffers) {
    buffers.input.load(x, key.cols(), columns);
    buffers
        .products
        .and(key, buffers.keys.from(first))
        .and(value, buffers.values.from(first))
        .compute();
  }
}
