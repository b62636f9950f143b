package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;

/**
 * Keys and values of all tokens of a source: what queries of the encoder, or of the decoder's
 * cross-attention, read.
 */
public final class AttentionMemory {
  private final float[] keys;
  private final float[] values;
  private final int[] rows;
  private final int stride;

  /**
   * Allocates for a source.
   *
   * @param length tokens of the source
   * @param width width of keys and values
   */
  public AttentionMemory(int length, int width) {
    stride = KeyValueRows.paddedStride(width);
    keys = new float[length * stride];
    values = new float[length * stride];
    rows = new int[length];
    for (int i = 0; i < length; i++) {
      rows[i] = i;
    }
  }

  /** Computes keys and values of all columns of {@code x}. */
  public void fill(AttentionWeights attention, PreparedInput x) {
    attention.key().apply(x, keys, 0, stride);
    attention.value().apply(x, values, 0, stride);
  }

  void view(KeyValueRows view) {
    view.point(keys, values, stride, rows, rows.length);
  }
}
