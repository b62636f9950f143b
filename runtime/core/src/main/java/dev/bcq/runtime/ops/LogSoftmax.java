package dev.bcq.runtime.ops;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;

/** Log-probabilities from logits. */
public final class LogSoftmax {

  private LogSoftmax() {}

  /** Replaces a column's first {@code length} logits by {@code x - log(sum(exp(x)))}. */
  public static void apply(Kernels kernels, Activations x, int column, int length) {
    float logarithm = logarithmOfSum(kernels, x, column, length);
    kernels.subtract(x, column, length, logarithm);
  }

  /**
   * Returns {@code log(sum(exp(x)))} of a column's first {@code length} logits: what they have too
   * much.
   */
  public static float logarithmOfSum(Kernels kernels, Activations x, int column, int length) {
    float maximum = kernels.maximum(x, column, length);
    float sum = kernels.sumOfExponentials(x, column, length, maximum);
    return maximum + (float) StrictMath.log(sum);
  }
}
