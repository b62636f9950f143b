package dev.bcq.runtime.model;

import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.AttentionMemory;
import dev.bcq.runtime.layers.DecoderLayer;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.PackedSentences;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** An encoder-decoder transformer, ready to run. Immutable and thread-safe. */
public final class Transformer {
  /** Columns of a call that no kernel gains from exceeding. */
  private static final int ENCODER_COLUMNS = 256;

  /**
   * Columns that each map of the encoder reads at once: enough for decoded weights to pay, few
   * enough for a feed-forward block to stay in the second-level cache.
   */
  private static final int COLUMNS_TOGETHER = 64;

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

  /** Encodes one source; see {@link #encode(List, ThreadTeam, Runnable)}. */
  public EncodedSource encode(int[] ids) {
    return encode(List.of(ids), ThreadTeam.SINGLE, () -> {}).get(0);
  }

  /**
   * Runs the encoder and computes the keys and values of every cross-attention, once for all steps
   * and beams. As many sources as make {@value #ENCODER_COLUMNS} tokens are computed together; what
   * a source gets does not depend on the others.
   *
   * @param sources tokens of each source: at least one, at most as many as there are positions,
   *     each within the vocabulary
   * @param team threads that compute; the result does not depend on them
   * @param checkpoint called before each layer; may throw to end the run
   */
  public List<EncodedSource> encode(List<int[]> sources, ThreadTeam team, Runnable checkpoint) {
    List<EncodedSource> encoded = new ArrayList<>();
    for (int from = 0; from < sources.size(); ) {
      int to = from + 1;
      int columns = sources.get(from).length;
      while (to < sources.size() && columns + sources.get(to).length <= ENCODER_COLUMNS) {
        columns += sources.get(to++).length;
      }
      encoded.addAll(encodeTogether(sources.subList(from, to), team, checkpoint));
      from = to;
    }
    return encoded;
  }

  private List<EncodedSource> encodeTogether(
      List<int[]> sources, ThreadTeam team, Runnable checkpoint) {
    int width = config.width();
    PackedSentences packed = new PackedSentences(sources);
    LayerBuffers buffers = buffers(config.encoder(), packed.count(), team);
    Activations output = encoder.run(config, sources, packed, buffers, checkpoint);
    boolean sameWidth = config.encoder().attentionWidth() == config.decoder().attentionWidth();
    LayerBuffers memoryBuffers =
        sameWidth ? buffers : buffers(config.decoder(), packed.count(), team);
    List<List<AttentionMemory>> layers = new ArrayList<>();
    for (DecoderLayer layer : decoder.layers()) {
      layers.add(layer.memories(output, packed, memoryBuffers));
    }
    List<EncodedSource> encoded = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      int sentence = i;
      int from = packed.first(i) * width;
      encoded.add(
          new EncodedSource(
              Arrays.copyOfRange(output.values(), from, from + packed.length(i) * width),
              packed.length(i),
              layers.stream().map(layer -> layer.get(sentence)).collect(Collectors.toList())));
    }
    return encoded;
  }

  private LayerBuffers buffers(StackConfig stack, int columns, ThreadTeam team) {
    int together = Math.min(columns, COLUMNS_TOGETHER);
    return new LayerBuffers(
        config.width(), stack, columns, together, config.gated(), kernels, team);
  }

  /**
   * Begins to decode a source.
   *
   * @param beams most columns of a step
   * @param steps most steps
   */
  public DecoderState begin(EncodedSource source, int beams, int steps) {
    StackConfig stack = config.decoder();
    return new DecoderState(source.memories(), stack.heads(), stack.headWidth(), beams, steps);
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
