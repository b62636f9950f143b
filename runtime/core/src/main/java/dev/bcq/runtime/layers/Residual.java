package dev.bcq.runtime.layers;

import dev.bcq.format.NormPlacement;
import dev.bcq.runtime.tensor.Activations;

/**
 * The residual connection around a sublayer, with its normalization in front of the sublayer or
 * behind the sum.
 *
 * @param placement where the normalization stands
 * @param norm the normalization
 */
public record Residual(NormPlacement placement, Normalization norm) {

  /**
   * Returns what the sublayer reads: x itself, or x normalized into {@code scratch}.
   *
   * @param x [columns][width]
   */
  public Activations enter(Activations x, int columns, Activations scratch) {
    if (placement == NormPlacement.POST) {
      return x;
    }
    norm.apply(x, columns, scratch);
    return scratch;
  }

  /**
   * Adds the sublayer's output to x, [columns][width], and normalizes the sum where that is the
   * order.
   */
  public void leave(Activations x, int columns, Activations output) {
    norm.kernels().add(output, x, columns, 0, norm.weights().width());
    if (placement == NormPlacement.POST) {
      norm.apply(x, columns, x);
    }
  }
}
