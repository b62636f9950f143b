package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Token embeddings with positions.
 *
 * @param tokens [vocabulary, width]
 * @param scale factor of the rows
 * @param positions rows added to the scaled embeddings, or null for none
 * @param norm normalization of the sum, or null for none
 * @param width width of the residual stream
 */
public record Embedding(
    Linear tokens,
    float scale,
    @Nullable PositionTable positions,
    @Nullable Normalization norm,
    int width) {

  /**
   * Writes a token at a position into a column of {@code x}, [columns][width]; {@link #normalize}
   * follows.
   */
  public void embed(int id, int position, Activations x, int column) {
    float[] values = x.values();
    int at = x.at(column);
    tokens.readRow(id, x, column);
    for (int i = 0; i < width; i++) {
      values[at + i] *= scale;
    }
    if (positions != null) {
      positions.add(position, values, at);
    }
  }

  /** Normalizes columns of embedded tokens, where that is the order. */
  public void normalize(Activations x, int columns) {
    if (norm != null) {
      norm.apply(x, columns, x);
    }
  }
}
