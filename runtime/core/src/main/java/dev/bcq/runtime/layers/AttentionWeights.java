package dev.bcq.runtime.layers;

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

  /** Computes keys and values of all columns of the buffers' input. */
  void keysAndValues(LayerBuffers buffers) {
    key.apply(buffers.input, buffers.keys);
    value.apply(buffers.input, buffers.values);
  }
}
