package dev.bcq.runtime.model;

import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.List;

/** An encoder-decoder transformer, ready to run. Immutable and thread-safe. */
public final class Transformer {
  private final TransformerConfig config;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Kernels kernels;

  /** Bytes of the keys and values of a source's token in all layers of the decoder. */
  private final long bytesOfToken;

  /** Bytes of the keys and values of a step of a beam in all layers of the decoder. */
  private final long bytesOfStep;

  Transformer(TransformerConfig config, Encoder encoder, Decoder decoder, Kernels kernels) {
    this.config = config;
    this.encoder = encoder;
    this.decoder = decoder;
    this.kernels = kernels;
    StackConfig stack = config.decoder();
    this.bytesOfToken =
        decoder.layers().stream().mapToLong(layer -> layer.bytesOfToken(stack)).sum();
    this.bytesOfStep = decoder.layers().stream().mapToLong(layer -> layer.bytesOfStep(stack)).sum();
  }

  /** Returns what the transformer looks like. */
  public TransformerConfig config() {
    return config;
  }

  /** Returns the kernels it runs on. */
  public Kernels kernels() {
    return kernels;
  }

  /** Encodes one source; see {@link EncoderSession#encode}. */
  public EncodedSource encode(int[] ids) {
    EncoderSession session = encoder(ThreadTeam.SINGLE, new SpareArrays());
    return session.encode(List.of(ids), () -> {}).get(0);
  }

  /**
   * Returns an encoder's scratch.
   *
   * @param team threads that compute; the result does not depend on them
   * @param arrays where keys and values of sources come from
   */
  public EncoderSession encoder(ThreadTeam team, SpareArrays arrays) {
    return new EncoderSession(config, encoder, decoder, kernels, team, arrays);
  }

  /** Begins to decode a source, in arrays of its own; see the method with more parameters. */
  public DecoderState begin(EncodedSource source, int beams, int steps) {
    return begin(source, beams, steps, new SpareArrays());
  }

  /**
   * Returns the bytes of keys and values in all layers of the decoder.
   *
   * @param sourceTokens tokens of a source
   * @param steps steps of its beams, those of all beams together
   */
  public long bytesOfRows(long sourceTokens, long steps) {
    return bytesOfToken * sourceTokens + bytesOfStep * steps;
  }

  /**
   * Begins to decode a source.
   *
   * @param beams most columns of a step
   * @param steps most steps
   * @param arrays where keys and values of its steps come from
   */
  public DecoderState begin(EncodedSource source, int beams, int steps, SpareArrays arrays) {
    return new DecoderState(
        kernels, decoder.layers(), config.decoder(), source.memories(), beams, steps, arrays);
  }

  /** Returns scratch for steps of at most {@code columns} columns, computed by one thread. */
  public DecoderSession decoder(int columns) {
    return decoder(columns, ThreadTeam.SINGLE);
  }

  /** Returns scratch for steps of at most {@code columns} columns, computed by a team. */
  public DecoderSession decoder(int columns, ThreadTeam team) {
    return new DecoderSession(config, decoder, columns, kernels, team);
  }
}
