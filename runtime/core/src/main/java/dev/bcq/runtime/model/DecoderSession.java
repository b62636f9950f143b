package dev.bcq.runtime.model;

import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.layers.LayerBuffers;
import dev.bcq.runtime.layers.RelativeBias;
import dev.bcq.runtime.layers.StepColumns;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;

/** The decoder at work: the scratch of steps, for any sentences. Not thread-safe. */
public final class DecoderSession {
  private static final int FIRST_POSITIONS = 64;

  private final TransformerConfig config;
  private final Decoder decoder;
  private final ThreadTeam team;
  private final ThreadTeam.Task task;
  private final List<Share> shares = new ArrayList<>();
  private final int most;
  private final Activations logits;
  private List<RelativeBias> biases = List.of();
  private List<DecoderState> sentences = List.of();

  /**
   * What a member of the team has for itself.
   *
   * @param x the residual stream
   */
  private record Share(StepColumns columns, Activations x, LayerBuffers buffers) {}

  DecoderSession(
      TransformerConfig config, Decoder decoder, int columns, Kernels kernels, ThreadTeam team) {
    this.config = config;
    this.decoder = decoder;
    this.team = team;
    this.task = member -> compute(shares.get(member.number()));
    List<LayerBuffers> buffers =
        LayerBuffers.allocate(
            config.width(), config.decoder(), columns, columns, config.gated(), kernels, team);
    for (LayerBuffers own : buffers) {
      Activations x = Activations.allocate(columns, config.width());
      shares.add(new Share(new StepColumns(columns), x, own));
    }
    this.most = columns;
    this.logits = Activations.allocate(columns, config.targetVocabulary());
  }

  /** Returns the number of tokens of the target vocabulary. */
  public int vocabulary() {
    return config.targetVocabulary();
  }

  /** Returns the most columns of a step. */
  public int columns() {
    return most;
  }

  /**
   * Decodes one step of all sentences together. What a sentence gets does not depend on the others.
   *
   * @param sentences told what to read by {@link DecoderState#next}; their columns are at most
   *     {@link #columns()} in all
   * @return logits of the next token, [columns][vocabulary], sentence after sentence. They are
   *     overwritten by the next step, and the caller may change them.
   */
  public Activations step(List<DecoderState> sentences) {
    int longest = 0;
    int columns = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState sentence = sentences.get(i);
      sentence.advance();
      longest = Math.max(longest, sentence.length());
      columns += sentence.columns();
    }
    if (!decoder.biasTables().isEmpty() && (biases.isEmpty() || biases.get(0).length() < longest)) {
      // Not for the most steps there may be: a small file may allow many.
      int length = Math.max(FIRST_POSITIONS, 2 * longest);
      biases =
          Encoder.biases(config, decoder.biasTables(), config.decoder().heads(), length, false);
    }
    this.sentences = sentences;
    team.run(task, team.members(decoder.bytesTogether() * columns));
    return logits;
  }

  private void compute(Share share) {
    Activations x = share.x;
    LayerBuffers buffers = share.buffers;
    embed(x);
    share.columns.begin(sentences);
    int count = share.columns.count();
    for (int i = 0; i < decoder.layers().size(); i++) {
      decoder.layers().get(i).step(x, share.columns, Encoder.bias(biases, i), buffers);
    }
    if (decoder.norm() != null) {
      decoder.norm().apply(x, count, x);
    }
    if (config.outputScale() != 1f) {
      for (int i = 0; i < count * config.width(); i++) {
        x.values()[i] *= config.outputScale();
      }
    }
    buffers.multiply(x, count, decoder.output(), logits);
  }

  private void embed(Activations x) {
    int column = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState sentence = sentences.get(i);
      for (int beam = 0; beam < sentence.columns(); beam++, column++) {
        decoder.embedding().embed(sentence.token(beam), sentence.length() - 1, x, column);
      }
    }
    decoder.embedding().normalize(x, column);
  }
}
