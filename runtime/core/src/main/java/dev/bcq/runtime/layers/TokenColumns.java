package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns of an encoder: each token attends to all of its sentence. */
final class TokenColumns implements ColumnAttention.Source {
  private final PackedSentences sentences;
  private final List<AttentionMemory> memories;
  private final float scale;
  private final @Nullable RelativeBias bias;
  private int first;

  TokenColumns(
      PackedSentences sentences,
      List<AttentionMemory> memories,
      float scale,
      @Nullable RelativeBias bias) {
    this.sentences = sentences;
    this.memories = memories;
    this.scale = scale;
    this.bias = bias;
  }

  /** Returns the columns from one on, for the attention that comes next. */
  TokenColumns from(int column) {
    first = column;
    return this;
  }

  @Override
  public void view(int column, KeyValueRows rows) {
    int sentence = sentences.sentenceOf(first + column);
    RelativeBias.score(bias, first + column - sentences.first(sentence), -1, scale, rows);
    memories.get(sentence).view(rows);
  }

  @Override
  public int end(int column) {
    int sentence = sentences.sentenceOf(first + column);
    return sentences.first(sentence) + sentences.length(sentence) - first;
  }
}
