package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;

/**
 * Scratch of an encoder or decoder, allocated once for the columns of all sentences that are
 * computed together and used by all layers: nothing is allocated for a token. Only queries have
 * room for all columns, for they wait until all keys and values are stored; all else is computed
 * for some columns at once, so that it stays in a cache.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final SharedProducts products;
  final ColumnAttention attention;
  private final StackConfig stack;
  private final Kernels kernels;
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
    this.kernels = kernels;
    this.together = together;
    products = new SharedProducts(team, input);
    int inner = stack.attentionWidth();
    normed = Activations.allocate(together, width);
    output = Activations.allocate(together, width);
    queries = Activations.allocate(columns, inner);
    keys = Activations.allocate(together, inner);
    values = Activations.allocate(together, inner);
    context = Activations.allocate(together, inner);
    attention = new ColumnAttention(kernels, team, stack.heads(), stack.headWidth());
    hidden = Activations.allocate(together, stack.feedForwardWidth());
    gate = Activations.allocate(gated ? together : 0, stack.feedForwardWidth());
  }

  /**
   * Returns an empty store for keys and values.
   *
   * @param int8 whether it keeps 8 bits
   * @param arrays where its arrays come from
   */
  KeyValueStore store(boolean int8, SpareArrays arrays) {
    return KeyValueStore.create(kernels, int8, stack.heads(), stack.headWidth(), arrays);
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
