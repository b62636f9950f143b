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
    RelativeBias.score(bias, column - sentences.first(sentence), scale, rows);
    rows.point(
        buffers.keys, buffers.values, sentences.columns(sentence), sentences.length(sentence));
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
