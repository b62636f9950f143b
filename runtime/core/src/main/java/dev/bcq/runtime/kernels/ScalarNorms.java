package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.NormWeights;

/** The scalar normalizations, a column at a time. */
final class ScalarNorms {

  private ScalarNorms() {}

  static void layer(NormWeights weights, float epsilon, Activations x, Activations y, int column) {
    float[] weight = weights.weight();
    float[] bias = weights.bias();
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

  static void rootMeanSquare(
      NormWeights weights, float epsilon, Activations x, Activations y, int column) {
    float[] weight = weights.weight();
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
