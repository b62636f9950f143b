package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Keys and values of all tokens of a source, for one cross-attention of the decoder. */
public final class AttentionMemory {
  private final float[] keys;
  private final float[] values;
  private final int[] rows;
  private final int stride;

  /**
   * Copies a sentence out of those that were computed together.
   *
   * @param buffers keys and values of all of them
   * @param first column of the sentence's first token
   * @param length tokens of the sentence
   */
  AttentionMemory(LayerBuffers buffers, int first, int length) {
    stride = buffers.stride;
    keys = Arrays.copyOfRange(buffers.keys, first * stride, (first + length) * stride);
    values = Arrays.copyOfRange(buffers.values, first * stride, (first + length) * stride);
    rows = IntStream.range(0, length).toArray();
  }

  void view(KeyValueRows view) {
    view.point(keys, values, stride, rows, rows.length);
  }
}
