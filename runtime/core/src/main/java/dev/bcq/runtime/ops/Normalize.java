package dev.bcq.runtime.ops;

import dev.bcq.runtime.kernels.Reduction;
import org.jspecify.annotations.Nullable;

/** Normalization of one column of activations; sums in the shape of {@link Reduction}. */
public final class Normalize {

  private Normalize() {}

  /**
   * Writes {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}.
   *
   * @param x [width] from {@code xOffset}
   * @param weight [width]
   * @param bias [width], or null for none
   * @param y receives [width] from {@code yOffset}; may be x itself at the same offset
   */
  public static void layer(
      float[] x,
      int xOffset,
      float[] weight,
      float @Nullable [] bias,
      float epsilon,
      float[] y,
      int yOffset) {
    int width = weight.length;
    float mean = Reduction.sum(x, xOffset, width) / width;
    float variance = Reduction.sumOfSquares(x, xOffset, width, mean) / width;
    float factor = 1f / (float) Math.sqrt(variance + epsilon);
    if (bias == null) {
      for (int i = 0; i < width; i++) {
        y[yOffset + i] = (x[xOffset + i] - mean) * factor * weight[i];
      }
    } else {
      for (int i = 0; i < width; i++) {
        y[yOffset + i] = (x[xOffset + i] - mean) * factor * weight[i] + bias[i];
      }
    }
  }

  /**
   * Writes {@code x / sqrt(mean(x^2) + epsilon) * weight}; shapes and aliasing as in {@link
   * #layer}.
   */
  public static void rootMeanSquare(
      float[] x, int xOffset, float[] weight, float epsilon, float[] y, int yOffset) {
    int width = weight.length;
    float meanSquare = Reduction.sumOfSquares(x, xOffset, width, 0f) / width;
    float factor = 1f / (float) Math.sqrt(meanSquare + epsilon);
    for (int i = 0; i < width; i++) {
      y[yOffset + i] = x[xOffset + i] * factor * weight[i];
    }
  }
}
