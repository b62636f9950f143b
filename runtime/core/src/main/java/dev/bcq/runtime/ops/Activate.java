package dev.bcq.runtime.ops;

import dev.bcq.format.Activation;
import dev.bcq.runtime.kernels.Elementary;

/** Activation functions, in place. */
public final class Activate {

  private Activate() {}

  /** Replaces the first {@code length} values by their activation. */
  public static void apply(Activation activation, float[] x, int length) {
    switch (activation) {
      case RELU -> {
        for (int i = 0; i < length; i++) {
          x[i] = Math.max(x[i], 0f);
        }
      }
      case SILU -> {
        for (int i = 0; i < length; i++) {
          x[i] = Elementary.silu(x[i]);
        }
      }
      case GELU_ERF -> {
        for (int i = 0; i < length; i++) {
          x[i] = Elementary.geluErf(x[i]);
        }
      }
      case GELU_TANH -> {
        for (int i = 0; i < length; i++) {
          x[i] = Elementary.geluTanh(x[i]);
        }
      }
    }
  }
}
