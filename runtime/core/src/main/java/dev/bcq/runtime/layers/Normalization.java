package dev.bcq.runtime.layers;

import dev.bcq.format.NormKind;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.NormWeights;

/**
 * A trained normalization.
 *
 * @param kind layer or root mean square
 * @param weights weights and biases
 * @param epsilon added to the variance
 * @param kernels what computes it
 */
public record Normalization(NormKind kind, NormWeights weights, float epsilon, Kernels kernels) {

  /**
   * Normalizes columns.
   *
   * @param x [columns][width]
   * @param y receives [columns][width]; may be x itself
   */
  public void apply(Activations x, int columns, Activations y) {
    kernels.normalize(kind, weights, epsilon, x, columns, y);
  }
}
