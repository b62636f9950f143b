package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.List;

/**
 * Scratch of an encoder or decoder for a member of a team, allocated once for the columns of all
 * sentences that are computed together and used by all layers: nothing is allocated for a token.
 * Products and what attention finds are common to all members, each of which computes some rows;
 * what is read by products each has for itself. Only queries have room for all columns, for they
 * wait until all keys and values are stored; all else is computed for some columns at once, so that
 * it stays in a cache.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final SharedProducts products;
  final ColumnAttention attention;
  final HiddenActivation activation;
  private final StackConfig stack;
  private final Kernels kernels;
  private final int together;
  final Activations normed;

  // These are common to all members.
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
   * @return the buffers of each member
   */
  public static List<LayerBuffers> allocate(
      int width,
      StackConfig stack,
      int columns,
      int together,
      boolean gated,
      Kernels kernels,
      ThreadTeam team) {
    LayerBuffers caller =
        new LayerBuffers(width, stack, columns, together, gated, kernels, team.member(0));
    List<LayerBuffers> buffers = new ArrayList<>(List.of(caller));
    for (int i = 1; i < team.size(); i++) {
      buffers.add(new LayerBuffers(width, caller, team.member(i)));
    }
    return buffers;
  }

  private LayerBuffers(
      int width,
      StackConfig stack,
      int columns,
      int together,
      boolean gated,
      Kernels kernels,
      ThreadTeam.Member member) {
    this.stack = stack;
    this.kernels = kernels;
    this.together = together;
    int inner = stack.attentionWidth();
    normed = Activations.allocate(together, width);
    output = Activations.allocate(together, width);
    queries = Activations.allocate(columns, inner);
    keys = Activations.allocate(together, inner);
    values = Activations.allocate(together, inner);
    context = Activations.allocate(together, inner);
    hidden = Activations.allocate(together, stack.feedForwardWidth());
    gate = Activations.allocate(gated ? together : 0, stack.feedForwardWidth());
    products = new SharedProducts(member, input);
    attention = new ColumnAttention(kernels, stack.heads(), stack.headWidth());
    activation = new HiddenActivation(kernels, hidden, gate);
  }

  private LayerBuffers(int width, LayerBuffers common, ThreadTeam.Member member) {
    stack = common.stack;
    kernels = common.kernels;
    together = common.together;
    normed = Activations.allocate(together, width);
    output = common.output;
    queries = common.queries;
    keys = common.keys;
    values = common.values;
    context = common.context;
    hidden = common.hidden;
    gate = common.gate;
    products = new SharedProducts(member, input);
    attention = new ColumnAttention(kernels, stack.heads(), stack.headWidth());
    activation = new HiddenActivation(kernels, hidden, gate);
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

  /** Returns the number of heads. */
  int heads() {
    return stack.heads();
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
