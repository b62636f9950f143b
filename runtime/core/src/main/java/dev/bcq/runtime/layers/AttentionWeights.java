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
   * Returns whether queries, keys and values are products of rounded activations, so that rounding
   * them, too, does not matter.
   */
  boolean rounds() {
    return query.rounds() && key.rounds() && value.rounds();
  }

  /** Returns the bytes of the weights. */
  long bytes() {
    return query.bytes() + key.bytes() + value.bytes() + output.bytes();
  }

  /**
   * Returns the products that are queries, keys and values of columns, not computed yet.
   *
   * @param first where the queries stand among those of all columns
   */
  SharedProducts project(Activations x, int first, int columns, LayerBuffers buffers) {
    buffers.input.load(x, query.cols(), columns);
    return buffers
        .products
        .and(query, buffers.outputs.queries().from(first))
        .and(key, buffers.outputs.keys())
        .and(value, buffers.outputs.values());
  }

  /** Computes keys and values of columns. */
  void projectMemory(Activations x, int columns, LayerBuffers buffers) {
    buffers.input.load(x, key.cols(), columns);
    buffers
        .products
        .and(key, buffers.outputs.keys())
        .and(value, buffers.outputs.values())
        .compute();
  }
}
