package dev.bcq.converter.checkpoint;

/**
 * The activation {@code x sigmoid(1.702 x)}, an approximation of gelu, as silu: it is {@code
 * silu(1.702 x) / 1.702}, and matrices take the factors. Models that have it are given silu.
 */
public final class SigmoidGelu {
  private static final float FACTOR = 1.702f;

  private SigmoidGelu() {}

  /**
   * Scales the matrices of a feed-forward block that were picked.
   *
   * @param block canonical name, for instance {@code encoder.layers.0.feed_forward}
   * @param gated whether it has a gate, which the activation is applied to
   */
  public static void fold(TensorPicker picker, String block, boolean gated) {
    String activated = block + (gated ? ".gate" : ".up");
    picker.scale(activated + ".weight", FACTOR);
    picker.scale(activated + ".bias", FACTOR);
    picker.scale(block + ".down.weight", 1 / FACTOR);
  }
}
