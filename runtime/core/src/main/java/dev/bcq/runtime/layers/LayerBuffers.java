package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;

/**
 * Scratch of an encoder or decoder, allocated once for the columns of all sentences that are
 * computed together and used by all layers: nothing is allocated for a token.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final SharedProducts products;
  final ColumnAttention attention;
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
   * @param columns most columns that will be computed together
   * @param gated whether feed-forward blocks have a gate
   * @param kernels what they compute with
   * @param team threads that compute
   */
  public LayerBuffers(
      int width, StackConfig stack, int columns, boolean gated, Kernels kernels, ThreadTeam team) {
    products = new SharedProducts(team, input);
    int inner = stack.attentionWidth();
    int padded = KeyValueRows.paddedStride(inner);
    normed = Activations.allocate(columns, width);
    output = Activations.allocate(columns, width);
    queries = Activations.allocate(columns, inner);
    keys = Activations.allocate(columns, padded);
    values = Activations.allocate(columns, padded);
    context = Activations.allocate(columns, inner);
    attention =
        new ColumnAttention(kernels, team, stack.heads(), stack.headWidth(), queries, context);
    hidden = Activations.allocate(columns, stack.feedForwardWidth());
    gate = Activations.allocate(gated ? columns : 0, stack.feedForwardWidth());
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
