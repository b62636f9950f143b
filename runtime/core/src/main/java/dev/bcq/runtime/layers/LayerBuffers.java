package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatArrays;

/**
 * Scratch of an encoder or decoder, allocated once for the columns of all sentences that are
 * computed together and used by all layers: nothing is allocated for a token. Only queries, keys
 * and values have room for all columns; what each column needs for itself is computed for some
 * columns at once, so that it stays in a cache.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final SharedProducts products;
  final ColumnAttention attention;
  private final StackConfig stack;
  private final int together;
  final Activations normed;
  final Activations output;
  final Activations queries;
  final Activations keys;
  final Activations values;
  final Activations context;
  final Activations hidden;
  final Activations gate;

  /**
   * Allocates for a number of columns.
   *
   * @param width width of the residual stream
   * @param columns columns of all sentences, at most
   * @param together how many of them are computed at once, at most
   * @param gated whether feed-forward blocks have a gate
   * @param kernels what they compute with
   * @param team threads that compute
   */
  public LayerBuffers(
      int width,
      StackConfig stack,
      int columns,
      int together,
      boolean gated,
      Kernels kernels,
      ThreadTeam team) {
    this.stack = stack;
    this.together = together;
    products = new SharedProducts(team, input);
    int inner = stack.attentionWidth();
    int padded = KeyValueRows.paddedStride(inner);
    normed = Activations.allocate(together, width);
    output = Activations.allocate(together, width);
    queries = Activations.allocate(columns, inner);
    keys = Activations.allocate(columns, padded);
    values = Activations.allocate(columns, padded);
    context = Activations.allocate(together, inner);
    attention = new ColumnAttention(kernels, team, stack.heads(), stack.headWidth());
    hidden = Activations.allocate(together, stack.feedForwardWidth());
    gate = Activations.allocate(gated ? together : 0, stack.feedForwardWidth());
  }

  /**
   * Copies keys and values of a sentence out of those of all.
   *
   * @param first column of the sentence's first token
   * @param length tokens of the sentence
   * @param arrays where they are kept
   */
  AttentionMemory memory(int first, int length, FloatArrays arrays) {
    return new AttentionMemory(this, stack.heads(), stack.headWidth(), first, length, arrays);
  }

  /** Returns how many columns are computed at once, at most. */
  int together() {
    return together;
  }

  /**
   * Computes {@code y = W x + b} of one map.
   *
   * @param x [columns][inputs of the map]
   */
  public void multiply(Activations x, int columns, Linear map, Activations y) {
    input.load(x, map.cols(), columns);
    products.and(map, y).compute();
  }
}
