package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.Activations;
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
   */
  public void apply(
      Activations x, PackedSentences sentences, @Nullable RelativeBias bias, LayerBuffers buffers) {
    int columns = sentences.count();
    selfAttention(attentionResidual.enter(x, columns, buffers.normed), sentences, bias, buffers);
    attentionResidual.leave(x, columns, buffers.output);

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.output);
  }

  private void selfAttention(
      Activations x, PackedSentences sentences, @Nullable RelativeBias bias, LayerBuffers buffers) {
    attention.project(x, sentences.count(), buffers);
    buffers.attention.compute(
        new TokenColumns(sentences, buffers, attention.scale(), bias), sentences.count());
    buffers.multiply(buffers.context, sentences.count(), attention.output(), buffers.output);
  }
}
