package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** A layer of the decoder: cached self-attention, cross-attention, feed-forward. Immutable. */
public final class DecoderLayer {
  private final int index;
  private final Residual selfResidual;
  private final AttentionWeights selfAttention;
  private final Residual crossResidual;
  private final AttentionWeights crossAttention;
  private final Residual feedForwardResidual;
  private final FeedForward feedForward;
  private final Kernels kernels;

  /**
   * Creates a layer.
   *
   * @param index number of the layer in its stack
   */
  public DecoderLayer(
      int index,
      Residual selfResidual,
      AttentionWeights selfAttention,
      Residual crossResidual,
      AttentionWeights crossAttention,
      Residual feedForwardResidual,
      FeedForward feedForward,
      Kernels kernels) {
    this.index = index;
    this.selfResidual = selfResidual;
    this.selfAttention = selfAttention;
    this.crossResidual = crossResidual;
    this.crossAttention = crossAttention;
    this.feedForwardResidual = feedForwardResidual;
    this.feedForward = feedForward;
    this.kernels = kernels;
  }

  /** Returns the matrices of the cross-attention. */
  public AttentionWeights crossAttention() {
    return crossAttention;
  }

  /**
   * Replaces x by the layer's output for the present step of the cache.
   *
   * @param x [columns][width]: one token of each beam
   * @param cache the past, advanced to this step; receives the step's keys and values
   * @param memory keys and values of the source in this layer
   * @param bias bias of the self-attention's scores, or null
   */
  public void step(
      float[] x,
      int columns,
      KeyValueCache cache,
      AttentionMemory memory,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    attendToPast(selfResidual.enter(x, columns, buffers.normed), columns, cache, bias, buffers);
    selfResidual.leave(x, columns, buffers.output);

    attendToSource(crossResidual.enter(x, columns, buffers.normed), columns, memory, buffers);
    crossResidual.leave(x, columns, buffers.output);

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.output);
  }

  private void attendToPast(
      float[] x,
      int columns,
      KeyValueCache cache,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    int width = selfAttention.output().rows();
    int inner = selfAttention.query().rows();
    buffers.input.load(x, 0, width, width, columns);
    selfAttention.query().apply(buffers.input, buffers.queries, 0, inner);
    selfAttention.key().apply(buffers.input, cache.keys(index), cache.present(), cache.stride());
    selfAttention
        .value()
        .apply(buffers.input, cache.values(index), cache.present(), cache.stride());
    for (int column = 0; column < columns; column++) {
      cache.view(index, column, buffers.rows);
      kernels.attend(
          buffers.queries,
          column * inner,
          buffers.rows,
          selfAttention.scale(),
          bias == null ? null : bias.values(),
          bias == null ? 0 : bias.offset(cache.length() - 1),
          bias == null ? 0 : bias.stride(),
          buffers.scores(cache.length()),
          buffers.context,
          column * inner);
    }
    buffers.input.load(buffers.context, 0, inner, inner, columns);
    selfAttention.output().apply(buffers.input, buffers.output, 0, width);
  }

  private void attendToSource(
      float[] x, int columns, AttentionMemory memory, LayerBuffers buffers) {
    int width = crossAttention.output().rows();
    int inner = crossAttention.query().rows();
    buffers.input.load(x, 0, width, width, columns);
    crossAttention.query().apply(buffers.input, buffers.queries, 0, inner);
    memory.view(buffers.rows);
    for (int column = 0; column < columns; column++) {
      kernels.attend(
          buffers.queries,
          column * inner,
          buffers.rows,
          crossAttention.scale(),
          null,
          0,
          0,
          buffers.scores(buffers.rows.count()),
          buffers.context,
          column * inner);
    }
    buffers.input.load(buffers.context, 0, inner, inner, columns);
    crossAttention.output().apply(buffers.input, buffers.output, 0, width);
  }
}
