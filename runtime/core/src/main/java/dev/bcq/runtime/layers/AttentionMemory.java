package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
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
    stride = buffers.keys.stride();
    keys = copy(buffers.keys, first, length);
    values = copy(buffers.values, first, length);
    rows = IntStream.range(0, length).toArray();
  }

  private static float[] copy(Activations rows, int first, int length) {
    return Arrays.copyOfRange(rows.values(), rows.at(first), rows.at(first + length));
  }

  void view(KeyValueRows view) {
    view.point(keys, values, stride, rows, rows.length);
  }
}
