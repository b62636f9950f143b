package dev.bcq.runtime.ops;

import dev.bcq.runtime.kernels.Kernels;

/** Log-probabilities from logits, in place. */
public final class LogSoftmax {

  private LogSoftmax() {}

  /** Replaces {@code length} logits by {@code x - log(sum(exp(x)))}. */
  public static void apply(Kernels kernels, float[] x, int from, int length) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      maximum = Math.max(maximum, x[i]);
    }
    float sum = kernels.sumOfExponentials(x, from, length, maximum);
    float logarithm = maximum + (float) StrictMath.log(sum);
    for (int i = from; i < from + length; i++) {
      x[i] -= logarithm;
    }
  }
}
