package dev.bcq.runtime.model;

import dev.bcq.runtime.layers.DecoderLayer;
import dev.bcq.runtime.layers.Embedding;
import dev.bcq.runtime.layers.Linear;
import dev.bcq.runtime.layers.Normalization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder.
 *
 * @param embedding embedding of the target
 * @param layers its layers
 * @param norm normalization at the end, or null
 * @param output projection to the vocabulary
 * @param biasTables [buckets][heads] of each layer, one for all layers, or empty
 */
record Decoder(
    Embedding embedding,
    List<DecoderLayer> layers,
    @Nullable Normalization norm,
    Linear output,
    List<float[]> biasTables) {

  /** Returns about how many bytes are read between one point where members wait and the next. */
  long bytesTogether() {
    return layers.isEmpty() ? 0 : layers.get(0).bytesTogether();
  }
}
