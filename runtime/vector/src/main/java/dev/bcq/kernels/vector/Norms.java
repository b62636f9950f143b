package dev.bcq.kernels.vector;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.NormWeights;

/** Normalizations of one column; the compiler makes vectors of the plain loops by itself. */
final class Norms {

  private Norms() {}

  static void layer(NormWeights weights, float epsilon, Activations x, Activations y, int column) {
    float[] weight = weights.weight();
    float[] bias = weights.bias();
    float[] from = x.values();
    float[] to = y.values();
    int xAt = x.at(column);
    int yAt = y.at(column);
    int width = weight.length;
    float mean = Lanes.sum(from, xAt, width) / width;
    float variance = Lanes.sumOfSquares(from, xAt, width, mean) / width;
    float factor = 1f / (float) Math.sqrt(variance + epsilon);
    for (int i = 0; i < width; i++) {
      to[yAt + i] = (from[xAt + i] - mean) * factor * weight[i];
    }
    if (bias != null) {
      Lanes.add(to, yAt, bias, 0, width);
    }
  }

  static void rootMeanSquare(
      NormWeights weights, float epsilon, Activations x, Activations y, int column) {
    float[] weight = weights.weight();
    float[] from = x.values();
    float[] to = y.values();
    int xAt = x.at(column);
    int yAt = y.at(column);
    int width = weight.length;
    float factor =
        1f / (float) Math.sqrt(Lanes.sumOfSquares(from, xAt, width, 0f) / width + epsilon);
    for (int i = 0; i < width; i++) {
      to[yAt + i] = from[xAt + i] * factor * weight[i];
    }
  }
}
