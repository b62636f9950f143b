package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer of the encoder: self-attention, then feed-forward. Immutable. */
public final class EncoderLayer {
  private final Residual attentionResidual;
  private final AttentionWeights attention;
  private final Residual feedForwardResidual;
  private final FeedForward feedForward;

  /** Creates a layer. */
  public EncoderLayer(
      Residual attentionResidual,
      AttentionWeights attention,
      Residual feedForwardResidual,
      FeedForward feedForward) {
    this.attentionResidual = attentionResidual;
    this.attention = attention;
    this.feedForwardResidual = feedForwardResidual;
    this.feedForward = feedForward;
  }

  /**
   * Replaces x by the layer's output.
   *
   * @param x [columns][width]: all tokens of all sentences
   * @param bias bias of the scores, or null
   * @param arrays where keys and values are kept meanwhile
   */
  public void apply(
      Activations x,
      PackedSentences sentences,
      @Nullable RelativeBias bias,
      LayerBuffers buffers,
      SpareArrays arrays) {
    int together = buffers.together();
    List<AttentionMemory> memories = sentences.memories(attention, buffers, arrays);
    for (int first = 0; first < sentences.count(); first += together) {
      int columns = Math.min(together, sentences.count() - first);
      Activations read = attentionResidual.enter(x.from(first), columns, buffers.normed);
      attention.project(read, first, columns, buffers);
      sentences.store(buffers, first, columns, memories);
    }
    TokenColumns tokens = new TokenColumns(sentences, memories, attention.scale(), bias);
    for (int first = 0; first < sentences.count(); first += together) {
      int columns = Math.min(together, sentences.count() - first);
      apply(x.from(first), first, columns, tokens, buffers);
    }
    memories.forEach(AttentionMemory::release);
  }

  private void apply(
      Activations x, int first, int columns, TokenColumns tokens, LayerBuffers buffers) {
    buffers.attention.compute(
        tokens.from(first), buffers.queries.from(first), buffers.context, columns);
    buffers.multiply(buffers.context, columns, attention.output(), buffers.output);
    attentionResidual.leave(x, columns, buffers.output);

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.output);
  }
}
