package dev.bcq.runtime.ops;

import dev.bcq.runtime.kernels.Kernels;

/** Log-probabilities from logits. */
public final class LogSoftmax {

  private LogSoftmax() {}

  /** Replaces {@code length} logits by {@code x - log(sum(exp(x)))}. */
  public static void apply(Kernels kernels, float[] x, int from, int length) {
    float logarithm = logarithmOfSum(kernels, x, from, length);
    for (int i = from; i < from + length; i++) {
      x[i] -= logarithm;
    }
  }

  /** Returns {@code log(sum(exp(x)))} of {@code length} logits: what they have too much. */
  public static float logarithmOfSum(Kernels kernels, float[] x, int from, int length) {
    float maximum = kernels.maximum(x, from, length);
    float sum = kernels.sumOfExponentials(x, from, length, maximum);
    return maximum + (float) StrictMath.log(sum);
  }
}
