package dev.bcq.runtime.model;

import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.layers.AttentionMemory;
import dev.bcq.runtime.layers.Embedding;
import dev.bcq.runtime.layers.EncoderLayer;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.Normalization;
import dev.bcq.runtime.layers.RelativeBias;
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

  /** Returns the encoder's output, [ids.length][width]. */
  float[] run(TransformerConfig config, int[] ids, LayerBuffers buffers) {
    int length = ids.length;
    float[] x = new float[length * config.width()];
    embedding.embed(ids, x);
    AttentionMemory memory = new AttentionMemory(length, config.encoder().attentionWidth());
    List<RelativeBias> biases = biases(config, biasTables, config.encoder().heads(), length, true);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).apply(x, length, memory, bias(biases, i), buffers);
    }
    if (norm != null) {
      norm.apply(x, length, x);
    }
    return x;
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
