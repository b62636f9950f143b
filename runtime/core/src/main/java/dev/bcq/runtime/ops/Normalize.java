package dev.bcq.runtime.ops;

import dev.bcq.runtime.kernels.Reduction;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** Normalization of one column of activations; sums in the shape of {@link Reduction}. */
public final class Normalize {

  private Normalize() {}

  /**
   * Writes {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}.
   *
   * @param x [columns][width]
   * @param weight [width]
   * @param bias [width], or null for none
   * @param y receives the column; may be x itself
   * @param column the column that is read and written
   */
  public static void layer(
      Activations x,
      float[] weight,
      float @Nullable [] bias,
      float epsilon,
      Activations y,
      int column) {
    float[] from = x.values();
    float[] to = y.values();
    int xOffset = x.at(column);
    int yOffset = y.at(column);
    int width = weight.length;
    float mean = Reduction.sum(from, xOffset, width) / width;
    float variance = Reduction.sumOfSquares(from, xOffset, width, mean) / width;
    float factor = 1f / (float) Math.sqrt(variance + epsilon);
    if (bias == null) {
      for (int i = 0; i < width; i++) {
        to[yOffset + i] = (from[xOffset + i] - mean) * factor * weight[i];
      }
    } else {
      for (int i = 0; i < width; i++) {
        to[yOffset + i] = (from[xOffset + i] - mean) * factor * weight[i] + bias[i];
      }
    }
  }

  /**
   * Writes {@code x / sqrt(mean(x^2) + epsilon) * weight}; shapes and aliasing as in {@link
   * #layer}.
   */
  public static void rootMeanSquare(
      Activations x, float[] weight, float epsilon, Activations y, int column) {
    float[] from = x.values();
    float[] to = y.values();
    int xOffset = x.at(column);
    int yOffset = y.at(column);
    int width = weight.length;
    float meanSquare = Reduction.sumOfSquares(from, xOffset, width, 0f) / width;
    float factor = 1f / (float) Math.sqrt(meanSquare + epsilon);
    for (int i = 0; i < width; i++) {
      to[yOffset + i] = from[xOffset + i] * factor * weight[i];
    }
  }
}
