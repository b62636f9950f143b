package dev.bcq.runtime.model;

import dev.bcq.format.StackConfig;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.AttentionMemory;
import dev.bcq.runtime.layers.DecoderLayer;
import dev.bcq.runtime.layers.EncoderLayer;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.PackedSentences;
import dev.bcq.runtime.layers.RelativeBias;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The encoder at work: its scratch, for any sources. Not thread-safe. */
public final class EncoderSession {
  /** Columns of a call that no kernel gains from exceeding. */
  private static final int MOST_COLUMNS = 256;

  /**
   * Columns that each map of the encoder reads at once: enough for decoded weights to pay, few
   * enough for a feed-forward block to stay in the second-level cache.
   */
  private static final int COLUMNS_TOGETHER = 64;

  /**
   * Columns of a thread that are enough for it to read all weights for them alone. Threads then
   * wait for nothing but each other's keys and values.
   */
  private static final int LEAST_COLUMNS = 4;

  private final TransformerConfig config;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Kernels kernels;
  private final ThreadTeam team;
  private final SpareArrays arrays;

  /** Columns that there is room for. */
  private int columns;

  private Activations x;

  /** Scratch of each thread. */
  private List<LayerBuffers> buffers = List.of();

  /** That of the encoder, where the decoder's attention has the same width. */
  private List<LayerBuffers> memoryBuffers = List.of();

  EncoderSession(
      TransformerConfig config,
      Encoder encoder,
      Decoder decoder,
      Kernels kernels,
      ThreadTeam team,
      SpareArrays arrays) {
    this.config = config;
    this.encoder = encoder;
    this.decoder = decoder;
    this.kernels = kernels;
    this.team = team;
    this.arrays = arrays;
    this.x = Activations.allocate(0, config.width());
  }

  /**
   * Runs the encoder and computes the keys and values of every cross-attention, once for all steps
   * and beams. As many sources as make {@value #MOST_COLUMNS} tokens are computed together; what a
   * source gets does not depend on the others.
   *
   * @param sources tokens of each source: at least one, at most as many as there are positions,
   *     each within the vocabulary
   * @param checkpoint called before each layer; may throw to end the run
   */
  public List<EncodedSource> encode(List<int[]> sources, Runnable checkpoint) {
    List<EncodedSource> encoded = new ArrayList<>();
    for (int from = 0; from < sources.size(); ) {
      int to = from + 1;
      int together = sources.get(from).length;
      while (to < sources.size() && together + sources.get(to).length <= MOST_COLUMNS) {
        together += sources.get(to++).length;
      }
      encoded.addAll(encodeTogether(sources.subList(from, to), checkpoint));
      from = to;
    }
    return encoded;
  }

  private List<EncodedSource> encodeTogether(List<int[]> sources, Runnable checkpoint) {
    PackedSentences packed = new PackedSentences(sources);
    makeRoom(packed.count());
    int tokens = packed.count();
    int members = tokens < LEAST_COLUMNS * team.size() ? 1 : team.size();
    team.run(
        member -> encoder.embed(sources, packed, x, member.from(tokens), member.to(tokens)),
        members);
    List<RelativeBias> biases =
        Encoder.biases(
            config, encoder.biasTables(), config.encoder().heads(), packed.longest(), true);
    for (int i = 0; i < encoder.layers().size(); i++) {
      checkpoint.run();
      apply(encoder.layers().get(i), Encoder.bias(biases, i), packed, members);
    }
    List<List<AttentionMemory>> layers = new ArrayList<>();
    for (DecoderLayer layer : decoder.layers()) {
      layers.add(layer.memories(packed, memoryBuffers.get(0), arrays));
    }
    team.run(member -> finish(member, packed, layers), members);
    List<EncodedSource> encoded = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      int sentence = i;
      int length = packed.length(i);
      encoded.add(
          new EncodedSource(
              Arrays.copyOfRange(x.values(), x.at(packed.first(i)), x.at(packed.first(i) + length)),
              length,
              layers.stream().map(layer -> layer.get(sentence)).collect(Collectors.toList())));
    }
    return encoded;
  }

  private void apply(
      EncoderLayer layer, @Nullable RelativeBias bias, PackedSentences packed, int members) {
    List<AttentionMemory> memories = layer.memories(packed, buffers.get(0), arrays);
    team.run(
        member -> {
          int from = member.from(packed.count());
          int to = member.to(packed.count());
          LayerBuffers own = buffers.get(member.number());
          layer.project(x, packed, memories, from, to, own);
          member.await();
          layer.apply(x, packed, memories, bias, from, to, own);
        },
        members);
    memories.forEach(AttentionMemory::release);
  }

  private void finish(
      ThreadTeam.Member member, PackedSentences packed, List<List<AttentionMemory>> layers) {
    int from = member.from(packed.count());
    int to = member.to(packed.count());
    LayerBuffers own = memoryBuffers.get(member.number());
    encoder.finish(x.from(from), to - from);
    for (int i = 0; i < layers.size(); i++) {
      decoder.layers().get(i).projectSource(x, packed, layers.get(i), from, to, own);
    }
  }

  private void makeRoom(int needed) {
    if (needed <= columns) {
      return;
    }
    columns = needed;
    x = Activations.allocate(columns, config.width());
    buffers = buffers(config.encoder());
    boolean sameWidth = config.encoder().attentionWidth() == config.decoder().attentionWidth();
    memoryBuffers = sameWidth ? buffers : buffers(config.decoder());
  }

  /** Returns scratch of each thread, which computes all of its columns alone. */
  private List<LayerBuffers> buffers(StackConfig stack) {
    int share = (columns + team.size() - 1) / team.size();
    int own = Math.min(columns, Math.max(share, LEAST_COLUMNS * team.size()));
    int together = Math.min(own, COLUMNS_TOGETHER);
    List<LayerBuffers> all = new ArrayList<>();
    for (int i = 0; i < team.size(); i++) {
      all.addAll(
          LayerBuffers.allocate(
              config.width(), stack, own, together, config.gated(), kernels, ThreadTeam.SINGLE));
    }
    return all;
  }
}
