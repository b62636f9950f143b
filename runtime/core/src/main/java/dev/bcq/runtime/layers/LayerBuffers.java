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
 * What products read each member has for itself; outputs are common to all.
 */
public final class LayerBuffers {
  final PreparedInput input = new PreparedInput();
  final SharedProducts products;
  final ColumnAttention attention;
  final HiddenActivation activation;
  final Activations normed;
  final LayerOutputs outputs;
  private final StackConfig stack;
  private final Kernels kernels;
  private final int together;

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
    LayerOutputs outputs = LayerOutputs.allocate(width, stack, columns, together, gated);
    List<LayerBuffers> buffers = new ArrayList<>();
    for (int i = 0; i < team.size(); i++) {
      Activations normed = Activations.allocate(together, width);
      buffers.add(new LayerBuffers(team.member(i), normed, outputs, stack, kernels, together));
    }
    return buffers;
  }

  private LayerBuffers(
      ThreadTeam.Member member,
      Activations normed,
      LayerOutputs outputs,
      StackConfig stack,
      Kernels kernels,
      int together) {
    this.normed = normed;
    this.outputs = outputs;
    this.stack = stack;
    this.kernels = kernels;
    this.together = together;
    products = new SharedProducts(member, input);
    attention = new ColumnAttention(kernels, stack.heads(), stack.headWidth());
    activation = new HiddenActivation(kernels, outputs.hidden(), outputs.gate());
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
