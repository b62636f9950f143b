package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import org.jspecify.annotations.Nullable;

/** The columns of an encoder: each token attends to all of its sentence. */
final class TokenColumns implements ColumnAttention.Source {
  private final PackedSentences sentences;
  private final LayerBuffers buffers;
  private final float scale;
  private final @Nullable RelativeBias bias;

  TokenColumns(
      PackedSentences sentences, LayerBuffers buffers, float scale, @Nullable RelativeBias bias) {
    this.sentences = sentences;
    this.buffers = buffers;
    this.scale = scale;
    this.bias = bias;
  }

  @Override
  public void view(int column, KeyValueRows rows) {
    int sentence = sentences.sentenceOf(column);
    int[] columns = sentences.columns(sentence);
    RelativeBias.score(bias, column - columns[0], scale, rows);
    rows.point(
        buffers.keys.values(),
        buffers.values.values(),
        buffers.keys.stride(),
        columns,
        columns.length);
  }

  @Override
  public int end(int column) {
    int sentence = sentences.sentenceOf(column);
    return sentences.first(sentence) + sentences.length(sentence);
  }

  @Override
  public int positions() {
    return sentences.longest();
  }
}
