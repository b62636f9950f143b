package dev.bcq.runtime.layers;

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

  /** Embeds a source: token i at position i. */
  public void embed(int[] ids, float[] x) {
    for (int i = 0; i < ids.length; i++) {
      embed(ids[i], i, x, i * width);
    }
    normalize(x, ids.length);
  }

  /** Embeds one token of each column, all at the same position. */
  public void embed(int[] ids, int columns, int position, float[] x) {
    for (int column = 0; column < columns; column++) {
      embed(ids[column], position, x, column * width);
    }
    normalize(x, columns);
  }

  private void embed(int id, int position, float[] x, int at) {
    tokens.readRow(id, x, at);
    for (int i = 0; i < width; i++) {
      x[at + i] *= scale;
    }
    if (positions != null) {
      positions.add(position, x, at);
    }
  }

  private void normalize(float[] x, int columns) {
    if (norm != null) {
      norm.apply(x, columns, x);
    }
  }
}
