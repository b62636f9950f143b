package dev.bcq.runtime.model;

import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.layers.KeyValueCache;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.RelativeBias;
import java.util.List;

/** The decoder at work on one source: its cache and its scratch. Not thread-safe. */
final class DecoderSession implements StepDecoder {
  private final TransformerConfig config;
  private final Decoder decoder;
  private final EncodedSource source;
  private final KeyValueCache cache;
  private final LayerBuffers buffers;
  private final List<RelativeBias> biases;
  private final float[] x;
  private final float[] logits;

  DecoderSession(
      TransformerConfig config, Decoder decoder, EncodedSource source, int beams, int steps) {
    this.config = config;
    this.decoder = decoder;
    this.source = source;
    this.cache =
        new KeyValueCache(
            config.decoder().layers(), config.decoder().attentionWidth(), beams, steps);
    this.buffers = new LayerBuffers(config.width(), config.decoder(), beams, config.gated());
    this.biases =
        Encoder.biases(config, decoder.biasTables(), config.decoder().heads(), steps, false);
    this.x = new float[beams * config.width()];
    this.logits = new float[beams * config.targetVocabulary()];
  }

  @Override
  public int vocabulary() {
    return config.targetVocabulary();
  }

  @Override
  public float[] step(int[] tokens, int[] parents, int columns) {
    int width = config.width();
    decoder.embedding().embed(tokens, columns, cache.length(), x);
    cache.advance(parents, columns);
    for (int i = 0; i < decoder.layers().size(); i++) {
      decoder
          .layers()
          .get(i)
          .step(x, columns, cache, source.memories().get(i), Encoder.bias(biases, i), buffers);
    }
    if (decoder.norm() != null) {
      decoder.norm().apply(x, columns, x);
    }
    if (config.outputScale() != 1f) {
      for (int i = 0; i < columns * width; i++) {
        x[i] *= config.outputScale();
      }
    }
    buffers.input().load(x, 0, width, width, columns);
    decoder.output().apply(buffers.input(), logits, 0, config.targetVocabulary());
    return logits;
  }
}
