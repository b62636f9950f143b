package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** A layer of the encoder: self-attention, then feed-forward. Immutable. */
public final class EncoderLayer {
  private final Residual attentionResidual;
  private final AttentionWeights attention;
  private final Residual feedForwardResidual;
  private final FeedForward feedForward;
  private final Kernels kernels;

  /** Creates a layer. */
  public EncoderLayer(
      Residual attentionResidual,
      AttentionWeights attention,
      Residual feedForwardResidual,
      FeedForward feedForward,
      Kernels kernels) {
    this.attentionResidual = attentionResidual;
    this.attention = attention;
    this.feedForwardResidual = feedForwardResidual;
    this.feedForward = feedForward;
    this.kernels = kernels;
  }

  /**
   * Replaces x by the layer's output.
   *
   * @param x [columns][width]: all tokens of a sentence
   * @param memory keys and values of this layer, overwritten
   * @param bias bias of the scores, or null
   */
  public void apply(
      float[] x,
      int columns,
      AttentionMemory memory,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    selfAttention(
        attentionResidual.enter(x, columns, buffers.normed), columns, memory, bias, buffers);
    attentionResidual.leave(x, columns, buffers.output);

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.output);
  }

  private void selfAttention(
      float[] x,
      int columns,
      AttentionMemory memory,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    int width = attention.output().rows();
    int inner = attention.query().rows();
    buffers.input.load(x, 0, width, width, columns);
    attention.query().apply(buffers.input, buffers.queries, 0, inner);
    memory.fill(attention, buffers.input);
    memory.view(buffers.rows);
    for (int column = 0; column < columns; column++) {
      kernels.attend(
          buffers.queries,
          column * inner,
          buffers.rows,
          attention.scale(),
          bias == null ? null : bias.values(),
          bias == null ? 0 : bias.offset(column),
          bias == null ? 0 : bias.stride(),
          buffers.scores(columns),
          buffers.context,
          column * inner);
    }
    buffers.input.load(buffers.context, 0, inner, inner, columns);
    attention.output().apply(buffers.input, buffers.output, 0, width);
  }
}
