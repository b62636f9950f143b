package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Computes the keys and values that the cross-attention reads.
   *
   * @param encoded the encoder's output for all sentences
   * @return keys and values of each sentence
   */
  public List<AttentionMemory> memories(
      Activations encoded, PackedSentences sentences, LayerBuffers buffers) {
    crossAttention.projectMemory(encoded, sentences.count(), buffers);
    List<AttentionMemory> memories = new ArrayList<>();
    for (int i = 0; i < sentences.sentences(); i++) {
      memories.add(new AttentionMemory(buffers, sentences.first(i), sentences.length(i)));
    }
    return memories;
  }

  /**
   * Replaces x by the layer's output for the present step.
   *
   * @param x [columns][width]: one token of each beam of each sentence
   * @param columns columns of all sentences
   * @param sentences the sentences, in the order of their columns, advanced to this step; they
   *     receive its keys and values
   * @param bias bias of the self-attention's scores, or null
   */
  public void step(
      Activations x,
      int columns,
      List<DecoderState> sentences,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    attendToPast(selfResidual.enter(x, columns, buffers.normed), columns, sentences, bias, buffers);
    selfResidual.leave(x, columns, buffers.output);

    attendToSource(crossResidual.enter(x, columns, buffers.normed), columns, sentences, buffers);
    crossResidual.leave(x, columns, buffers.output);

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.output);
  }

  private void attendToPast(
      Activations x,
      int columns,
      List<DecoderState> sentences,
      @Nullable RelativeBias bias,
      LayerBuffers buffers) {
    selfAttention.project(x, columns, buffers);
    int column = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState sentence = sentences.get(i);
      KeyValueCache cache = sentence.cache();
      RelativeBias.score(bias, cache.length() - 1, selfAttention.scale(), buffers.rows);
      cache.store(index, buffers, column, sentence.columns());
      for (int beam = 0; beam < sentence.columns(); beam++, column++) {
        cache.view(index, beam, buffers.rows);
        kernels.attend(buffers.queries, buffers.rows, buffers.context, column);
      }
    }
    buffers.multiply(buffers.context, columns, selfAttention.output(), buffers.output);
  }

  private void attendToSource(
      Activations x, int columns, List<DecoderState> sentences, LayerBuffers buffers) {
    buffers.multiply(x, columns, crossAttention.query(), buffers.queries);
    buffers.rows.score(crossAttention.scale(), null, 0, 0);
    int column = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState sentence = sentences.get(i);
      sentence.memory(index).view(buffers.rows);
      for (int beam = 0; beam < sentence.columns(); beam++, column++) {
        kernels.attend(buffers.queries, buffers.rows, buffers.context, column);
      }
    }
    buffers.multiply(buffers.context, columns, crossAttention.output(), buffers.output);
  }
}
