package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a decoding step: which beam of which sentence each one is, and what it attends to.
 * Not thread-safe: each member of a team has its own.
 */
public final class StepColumns implements ColumnAttention.Source {
  private final int[] sentence;
  private final int[] beam;
  private List<DecoderState> sentences = List.of();
  private int count;

  private int layer;
  private float scale;
  private @Nullable RelativeBias bias;

  /** Keys and values of this step, if the columns attend to their past. */
  private @Nullable Activations keys;

  private @Nullable Activations values;

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
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState state = sentences.get(i);
      for (int column = 0; column < state.columns(); column++) {
        sentence[count] = i;
        beam[count++] = column;
      }
    }
  }

  /** Returns the number of columns of all sentences. */
  public int count() {
    return count;
  }

  /**
   * Returns the past of each column in a layer, for the attention that comes next.
   *
   * @param keys keys of this step, which become part of the past
   * @param values values of this step, likewise
   */
  ColumnAttention.Source past(
      int layer, float scale, @Nullable RelativeBias bias, Activations keys, Activations values) {
    this.layer = layer;
    this.scale = scale;
    this.bias = bias;
    this.keys = keys;
    this.values = values;
    return this;
  }

  /** Returns the source of each column in a layer, for the attention that comes next. */
  ColumnAttention.Source source(int layer, float scale) {
    this.layer = layer;
    this.scale = scale;
    this.bias = null;
    this.keys = null;
    this.values = null;
    return this;
  }

  @Override
  public void prepare(int headFrom, int headTo) {
    if (keys == null || values == null) {
      return;
    }
    int first = 0;
    for (int i = 0; i < sentences.size(); i++) {
      DecoderState state = sentences.get(i);
      state.cache().store(layer, keys, values, first, headFrom, headTo);
      first += state.columns();
    }
  }

  @Override
  public void view(int column, KeyValueRows rows) {
    DecoderState state = sentences.get(sentence[column]);
    RelativeBias.score(bias, state.length() - 1, 0, scale, rows);
    if (keys != null) {
      state.cache().view(layer, beam[column], rows);
    } else {
      state.memory(layer).view(rows);
    }
  }

  @Override
  public int end(int column) {
    DecoderState state = sentences.get(sentence[column]);
    boolean alone = keys != null && !state.cache().together(layer);
    return alone ? column + 1 : column - beam[column] + state.columns();
  }
}
