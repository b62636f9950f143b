package dev.bcq.runtime.model;

import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.layers.Embedding;
import dev.bcq.runtime.layers.EncoderLayer;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.Normalization;
import dev.bcq.runtime.layers.PackedSentences;
import dev.bcq.runtime.layers.RelativeBias;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;
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
   * Encodes sentences.
   *
   * @param ids the sentences
   * @param sentences where they lie
   * @param x receives the encoder's output, [columns][width]
   * @param arrays where keys and values are kept meanwhile
   * @param checkpoint called before each layer; may throw to end the run
   */
  void run(
      TransformerConfig config,
      List<int[]> ids,
      PackedSentences sentences,
      Activations x,
      LayerBuffers buffers,
      SpareArrays arrays,
      Runnable checkpoint) {
    int columns = sentences.count();
    for (int i = 0; i < ids.size(); i++) {
      int[] tokens = ids.get(i);
      for (int position = 0; position < tokens.length; position++) {
        embedding.embed(tokens[position], position, x, sentences.first(i) + position);
      }
    }
    embedding.normalize(x, columns);
    List<RelativeBias> biases =
        biases(config, biasTables, config.encoder().heads(), sentences.longest(), true);
    for (int i = 0; i < layers.size(); i++) {
      checkpoint.run();
      layers.get(i).apply(x, sentences, bias(biases, i), buffers, arrays);
    }
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
