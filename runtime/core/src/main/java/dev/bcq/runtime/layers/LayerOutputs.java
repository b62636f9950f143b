package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.tensor.Activations;

/**
 * What the layers of an encoder or decoder compute, common to all members of a team, each of which
 * computes some rows. Only queries have room for all columns, for they wait until all keys and
 * values are stored; all else is computed for some columns at once, so that it stays in a cache.
 *
 * @param output outputs of a block, [columns at once][width]
 * @param queries queries of an attention, [columns][attention width]
 * @param keys its keys, [columns at once][attention width]
 * @param values its values, likewise
 * @param context what its queries found, likewise
 * @param hidden outputs of a feed-forward block's first matrix, [columns at once][feed-forward
 *     width]
 * @param gate those of the gate's matrix, likewise, or without columns
 */
record LayerOutputs(
    Activations output,
    Activations queries,
    Activations keys,
    Activations values,
    Activations context,
    Activations hidden,
    Activations gate) {

  /**
   * Allocates for a number of columns.
   *
   * @param width width of the residual stream
   * @param columns columns of all sentences, at most
   * @param together how many of them are computed at once, at most
   * @param gated whether feed-forward blocks have a gate
   */
  static LayerOutputs allocate(
      int width, StackConfig stack, int columns, int together, boolean gated) {
    int inner = stack.attentionWidth();
    return new LayerOutputs(
        Activations.allocate(together, width),
        Activations.allocate(columns, inner),
        Activations.allocate(together, inner),
        Activations.allocate(together, inner),
        Activations.allocate(together, inner),
        Activations.allocate(together, stack.feedForwardWidth()),
        Activations.allocate(gated ? together : 0, stack.feedForwardWidth()));
  }
}
