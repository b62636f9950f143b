package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatArrays;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.stream.IntStream;

/**
 * Keys and values of all tokens of a source, for one cross-attention of the decoder: head after
 * head, since an attention reads all positions of a head at a time, and those come fastest in one
 * stretch.
 */
public final class AttentionMemory {
  private final Activations keys;
  private final Activations values;
  private final RowNumbers rows;
  private final int headStride;

  /**
   * Copies a sentence out of those that were computed together.
   *
   * @param buffers keys and values of all of them
   * @param first column of the sentence's first token
   * @param length tokens of the sentence
   * @param arrays where they are kept
   */
  AttentionMemory(
      LayerBuffers buffers, int heads, int headWidth, int first, int length, FloatArrays arrays) {
    headStride = length * headWidth;
    int size = heads * headStride;
    keys = copy(buffers.keys, heads, headWidth, first, length, arrays.take(size));
    values = copy(buffers.values, heads, headWidth, first, length, arrays.take(size));
    rows = new RowNumbers(IntStream.range(0, length).toArray());
  }

  private static Activations copy(
      Activations rows, int heads, int headWidth, int first, int length, float[] copy) {
    int to = 0;
    for (int head = 0; head < heads; head++) {
      for (int token = first; token < first + length; token++) {
        System.arraycopy(rows.values(), rows.at(token) + head * headWidth, copy, to, headWidth);
        to += headWidth;
      }
    }
    return new Activations(copy, 0, headWidth);
  }

  /** Returns the number of tokens of the source. */
  int length() {
    return rows.values().length;
  }

  /** Gives the arrays back; the memory is not used any more. */
  void release(FloatArrays arrays) {
    arrays.give(keys.values());
    arrays.give(values.values());
  }

  void view(KeyValueRows view) {
    view.point(keys, values, headStride, rows, length());
  }
}
