package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer of the decoder: cached self-attention, cross-attention, feed-forward. Immutable. */
public final class DecoderLayer {
  /** How often members wait for each other in a step. */
  private static final int TIMES_WAITED = 6;

  private final int index;
  private final Residual selfResidual;
  private final AttentionWeights selfAttention;
  private final Residual crossResidual;
  private final AttentionWeights crossAttention;
  private final Residual feedForwardResidual;
  private final FeedForward feedForward;

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
      FeedForward feedForward) {
    this.index = index;
    this.selfResidual = selfResidual;
    this.selfAttention = selfAttention;
    this.crossResidual = crossResidual;
    this.crossAttention = crossAttention;
    this.feedForwardResidual = feedForwardResidual;
    this.feedForward = feedForward;
  }

  /** Makes room for the keys and values that the cross-attention reads of each sentence. */
  public List<AttentionMemory> memories(
      PackedSentences sentences, LayerBuffers buffers, SpareArrays arrays) {
    return sentences.memories(crossAttention, buffers, arrays);
  }

  /**
   * Computes keys and values of some columns of the source, which the cross-attention reads.
   *
   * @param encoded the encoder's output for all sentences
   * @param memories receives them
   * @param columnFrom first column
   * @param columnTo end of the range of columns
   */
  public void projectSource(
      Activations encoded,
      PackedSentences sentences,
      List<AttentionMemory> memories,
      int columnFrom,
      int columnTo,
      LayerBuffers buffers) {
    for (int first = columnFrom; first < columnTo; first += buffers.together()) {
      int columns = Math.min(buffers.together(), columnTo - first);
      crossAttention.projectMemory(encoded.from(first), columns, buffers);
      sentences.store(buffers, first, columns, memories);
    }
  }

  /** Returns about how many bytes are read between one point where members wait and the next. */
  public long bytesTogether() {
    long cross = crossAttention.query().bytes() + crossAttention.output().bytes();
    return (selfAttention.bytes() + cross + feedForward.bytes()) / TIMES_WAITED;
  }

  /** Returns whether the past is kept in 8 bits. */
  boolean roundsPast() {
    return selfAttention.rounds();
  }

  /** Returns the bytes of the keys and values of a source's token. */
  public long bytesOfToken(StackConfig stack) {
    return KeyValueStore.bytesOfRow(crossAttention.rounds(), stack);
  }

  /** Returns the bytes of the keys and values of a step of a beam. */
  public long bytesOfStep(StackConfig stack) {
    return KeyValueStore.bytesOfRow(roundsPast(), stack);
  }

  /**
   * Replaces x by the layer's output for the present step.
   *
   * @param x [columns][width]: one token of each beam of each sentence; each member has its own
   * @param columns the columns; their sentences receive keys and values of the step
   * @param bias bias of the self-attention's scores, or null
   * @param buffers those of a member
   */
  public void step(
      Activations x, StepColumns columns, @Nullable RelativeBias bias, LayerBuffers buffers) {
    int count = columns.count();
    attendToPast(selfResidual.enter(x, count, buffers.normed), columns, bias, buffers);
    selfResidual.leave(x, count, buffers.outputs.output());

    attendToSource(crossResidual.enter(x, count, buffers.normed), columns, buffers);
    crossResidual.leave(x, count, buffers.outputs.output());

    feedForward.apply(feedForwardResidual.enter(x, count, buffers.normed), count, buffers);
    feedForwardResidual.leave(x, count, buffers.outputs.output());
  }

  private void attendToPast(
      Activations x, StepColumns columns, @Nullable RelativeBias bias, LayerBuffers buffers) {
    selfAttention.project(x, 0, columns.count(), buffers);
    float scale = selfAttention.scale();
    attend(
        columns.past(index, scale, bias, buffers.outputs.keys(), buffers.outputs.values()),
        columns,
        buffers);
    buffers.multiply(
        buffers.outputs.context(),
        columns.count(),
        selfAttention.output(),
        buffers.outputs.output());
  }

  private void attendToSource(Activations x, StepColumns columns, LayerBuffers buffers) {
    buffers.input.load(x, crossAttention.query().cols(), columns.count());
    buffers.products.and(crossAttention.query(), buffers.outputs.queries());
    attend(columns.source(index, crossAttention.scale()), columns, buffers);
    buffers.multiply(
        buffers.outputs.context(),
        columns.count(),
        crossAttention.output(),
        buffers.outputs.output());
  }

  /** Attends with queries that are among the products to be computed. */
  private static void attend(
      ColumnAttention.Source source, StepColumns columns, LayerBuffers buffers) {
    buffers.attention.compute(
        buffers.products,
        source,
        buffers.outputs.queries(),
        buffers.outputs.context(),
        columns.count());
  }
}
