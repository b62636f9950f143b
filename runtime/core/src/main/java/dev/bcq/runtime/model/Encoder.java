package dev.bcq.runtime.model;

import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.layers.Embedding;
import dev.bcq.runtime.layers.EncoderLayer;
import dev.bcq.runtime.layers.Normalization;
import dev.bcq.runtime.layers.PackedSentences;
import dev.bcq.runtime.layers.RelativeBias;
import dev.bcq.runtime.tensor.Activations;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The encoder.
 *
 * @param embedding embedding of the source
 * @param layers its layers
 * @param norm normalization at the end, or null
 * @param biasTables [buckets][heads] of each layer, one for all layers, or empty
 */
record Encoder(
    Embedding embedding,
    List<EncoderLayer> layers,
    @Nullable Normalization norm,
    List<float[]> biasTables) {

  /**
   * Embeds some columns.
   *
   * @param ids the sentences
   * @param sentences where they lie
   * @param x receives the embeddings, [columns][width]
   * @param columnFrom first column
   * @param columnTo end of the range of columns
   */
  void embed(
      List<int[]> ids, PackedSentences sentences, Activations x, int columnFrom, int columnTo) {
    for (int column = columnFrom; column < columnTo; column++) {
      int sentence = sentences.sentenceOf(column);
      int position = column - sentences.first(sentence);
      embedding.embed(ids.get(sentence)[position], position, x, column);
    }
    embedding.normalize(x.from(columnFrom), columnTo - columnFrom);
  }

  /** Ends the encoding of columns. */
  void finish(Activations x, int columns) {
    if (norm != null) {
      norm.apply(x, columns, x);
    }
  }

  static List<RelativeBias> biases(
      TransformerConfig config,
      List<float[]> tables,
      int heads,
      int length,
      boolean bidirectional) {
    if (config.positions() instanceof Positions.Relative relative) {
      return tables.stream()
          .map(table -> new RelativeBias(relative, table, heads, length, bidirectional))
          .collect(Collectors.toList());
    }
    return List.of();
  }

  static @Nullable RelativeBias bias(List<RelativeBias> biases, int layer) {
    if (biases.isEmpty()) {
      return null;
    }
    return biases.get(biases.size() == 1 ? 0 : layer);
  }
}
