package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a decoding step: which beam of which sentence each one is, and what it attends to.
 * Not thread-safe; threads of a team may view columns at once.
 */
public final class StepColumns implements ColumnAttention.Source {
  private final int[] sentence;
  private final int[] beam;
  private List<DecoderState> sentences = List.of();
  private int count;
  private int longest;

  private int layer;
  private boolean past;
  private float scale;
  private @Nullable RelativeBias bias;

  /** Allocates for the most columns of a step. */
  public StepColumns(int most) {
    sentence = new int[most];
    beam = new int[most];
  }

  /**
   * Begins a step.
   *
   * @param sentences the sentences, in the order of their columns, advanced to this step
   */
  public void begin(List<DecoderState> sentences) {
    this.sentences = sentences;
    count = 0;
    longest = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState state = sentences.get(i);
      for (int column = 0; column < state.columns(); column++) {
        sentence[count] = i;
        beam[count++] = column;
      }
      longest = Math.max(longest, state.length());
    }
  }

  /** Returns the number of columns of all sentences. */
  public int count() {
    return count;
  }

  /** Returns the number of steps of the longest sentence, the present one included. */
  public int longest() {
    return longest;
  }

  /** Takes over keys and values of this step. */
  void store(int layer, LayerBuffers buffers) {
    int first = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState state = sentences.get(i);
      state.cache().store(layer, buffers.keys, buffers.values, first);
      first += state.columns();
    }
  }

  /** Returns the past of each column in a layer, for the attention that comes next. */
  ColumnAttention.Source past(int layer, float scale, @Nullable RelativeBias bias) {
    this.layer = layer;
    this.scale = scale;
    this.bias = bias;
    this.past = true;
    return this;
  }

  /** Returns the source of each column in a layer, for the attention that comes next. */
  ColumnAttention.Source source(int layer, float scale) {
    this.layer = layer;
    this.scale = scale;
    this.bias = null;
    this.past = false;
    return this;
  }

  @Override
  public void view(int column, KeyValueRows rows) {
    DecoderState state = sentences.get(sentence[column]);
    RelativeBias.score(bias, state.length() - 1, 0, scale, rows);
    if (past) {
      state.cache().view(layer, beam[column], rows);
    } else {
      state.memory(layer).view(rows);
    }
  }

  @Override
  public int end(int column) {
    DecoderState state = sentences.get(sentence[column]);
    boolean alone = past && !state.cache().together(layer);
    return alone ? column + 1 : column - beam[column] + state.columns();
  }

  @Override
  public int positions() {
    return longest;
  }
}
