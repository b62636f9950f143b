package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Keys and values of all tokens of a source, for one cross-attention of the decoder. */
public final class AttentionMemory {
  private final Activations keys;
  private final Activations values;
  private final RowNumbers rows;

  /**
   * Copies a sentence out of those that were computed together.
   *
   * @param buffers keys and values of all of them
   * @param first column of the sentence's first token
   * @param length tokens of the sentence
   */
  AttentionMemory(LayerBuffers buffers, int first, int length) {
    keys = copy(buffers.keys, first, length);
    values = copy(buffers.values, first, length);
    rows = new RowNumbers(IntStream.range(0, length).toArray());
  }

  private static Activations copy(Activations rows, int first, int length) {
    float[] copy = Arrays.copyOfRange(rows.values(), rows.at(first), rows.at(first + length));
    return new Activations(copy, 0, rows.stride());
  }

  void view(KeyValueRows view) {
    view.point(keys, values, rows, rows.values().length);
  }
}
