package dev.bcq.runtime.model;

import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.layers.AttentionMemory;
import dev.bcq.runtime.layers.DecoderLayer;
import dev.bcq.runtime.layers.LayerBuffers;
import java.util.ArrayList;
import java.util.List;

/** An encoder-decoder transformer, ready to run. Immutable and thread-safe. */
public final class Transformer {
  private final TransformerConfig config;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Kernels kernels;

  Transformer(TransformerConfig config, Encoder encoder, Decoder decoder, Kernels kernels) {
    this.config = config;
    this.encoder = encoder;
    this.decoder = decoder;
    this.kernels = kernels;
  }

  /** Returns what the transformer looks like. */
  public TransformerConfig config() {
    return config;
  }

  /** Returns the kernels it runs on. */
  public Kernels kernels() {
    return kernels;
  }

  /**
   * Runs the encoder and computes the keys and values of every cross-attention, once for all steps
   * and beams.
   *
   * @param ids source tokens: at least one, at most as many as there are positions, each within the
   *     vocabulary
   */
  public EncodedSource encode(int[] ids) {
    int width = config.width();
    LayerBuffers buffers = new LayerBuffers(width, config.encoder(), ids.length, config.gated());
    float[] output = encoder.run(config, ids, buffers);
    buffers.input().load(output, 0, width, width, ids.length);
    List<AttentionMemory> memories = new ArrayList<>();
    for (DecoderLayer layer : decoder.layers()) {
      AttentionMemory memory = new AttentionMemory(ids.length, config.decoder().attentionWidth());
      memory.fill(layer.crossAttention(), buffers.input());
      memories.add(memory);
    }
    return new EncodedSource(output, ids.length, memories);
  }

  /**
   * Begins to decode.
   *
   * @param beams most columns of a step
   * @param steps most steps
   */
  public StepDecoder decode(EncodedSource source, int beams, int steps) {
    return new DecoderSession(config, decoder, source, beams, steps);
  }
}
