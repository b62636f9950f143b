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

  /** Makes room for keys and values of all sentences. */
  public List<AttentionMemory> memories(
      PackedSentences sentences, LayerBuffers buffers, SpareArrays arrays) {
    return sentences.memories(attention, buffers, arrays);
  }

  /**
   * Computes queries, keys and values of some columns.
   *
   * @param x [columns][width]: all tokens of all sentences
   * @param memories receives keys and values
   * @param columnFrom first column
   * @param columnTo end of the range of columns, for which the buffers have room
   */
  public void project(
      Activations x,
      PackedSentences sentences,
      List<AttentionMemory> memories,
      int columnFrom,
      int columnTo,
      LayerBuffers buffers) {
    for (int first = columnFrom; first < columnTo; first += buffers.together()) {
      int columns = Math.min(buffers.together(), columnTo - first);
      Activations read = attentionResidual.enter(x.from(first), columns, buffers.normed);
      attention.project(read, first - columnFrom, columns, buffers).compute();
      sentences.store(buffers, first, columns, memories);
    }
  }

  /**
   * Replaces columns of x by the layer's output, once they have been projected, and all others of
   * their sentences, too.
   *
   * @param x [columns][width]: all tokens of all sentences
   * @param bias bias of the scores, or null
   * @param buffers those that have the queries
   */
  public void apply(
      Activations x,
      PackedSentences sentences,
      List<AttentionMemory> memories,
      @Nullable RelativeBias bias,
      int columnFrom,
      int columnTo,
      LayerBuffers buffers) {
    TokenColumns tokens = new TokenColumns(sentences, memories, attention.scale(), bias);
    for (int first = columnFrom; first < columnTo; first += buffers.together()) {
      int columns = Math.min(buffers.together(), columnTo - first);
      Activations queries = buffers.outputs.queries().from(first - columnFrom);
      buffers.attention.compute(tokens.from(first), queries, buffers.outputs.context(), columns);
      apply(x.from(first), columns, buffers);
    }
  }

  private void apply(Activations x, int columns, LayerBuffers buffers) {
    buffers.multiply(
        buffers.outputs.context(), columns, attention.output(), buffers.outputs.output());
    attentionResidual.leave(x, columns, buffers.outputs.output());

    feedForward.apply(feedForwardResidual.enter(x, columns, buffers.normed), columns, buffers);
    feedForwardResidual.leave(x, columns, buffers.outputs.output());
  }
}
