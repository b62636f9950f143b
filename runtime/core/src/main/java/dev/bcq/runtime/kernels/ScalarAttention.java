package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import java.util.Objects;

/** The scalar attention over keys and values as floats. */
final class ScalarAttention {

  private ScalarAttention() {}

  static void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    for (int column = columnFrom; column < columnTo; column++) {
      int biasOffset = memory.biasOffset() + (column - columnFrom) * memory.biasStep();
      for (int head = headFrom; head < headTo; head++) {
        attend(queries, memory, context, column, head, biasOffset);
      }
    }
  }

  private static void attend(
      Activations queries,
      KeyValueRows memory,
      Activations context,
      int column,
      int head,
      int biasOffset) {
    Activations bias = memory.bias();
    float[] scores = memory.scores().values();
    float[] output = context.values();
    int headWidth = memory.headWidth();
    int stride = memory.stride();
    int[] rows = Objects.requireNonNull(memory.rows()).values();
    int rowsAt = memory.rowsAt();
    float[] values = memory.values().values();
    int at = head * memory.headStride();
    int outputAt = context.at(column) + head * headWidth;
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < memory.count(); i++) {
      float dot =
          Reduction.dot(
              queries.values(),
              queries.at(column) + head * headWidth,
              memory.keys().values(),
              rows[rowsAt + i] * stride + at,
              headWidth);
      float score = dot * memory.scale();
      if (bias != null) {
        score += bias.values()[biasOffset + head * bias.stride() + i];
      }
      scores[i] = score;
      maximum = Math.max(maximum, score);
    }
    for (int i = 0; i < memory.count(); i++) {
      scores[i] = Elementary.exp(scores[i] - maximum);
    }
    float factor = 1f / Reduction.sum(scores, 0, memory.count());
    for (int i = 0; i < headWidth; i++) {
      output[outputAt + i] = 0;
    }
    for (int i = 0; i < memory.count(); i++) {
      int value = rows[rowsAt + i] * stride + at;
      for (int j = 0; j < headWidth; j++) {
        output[outputAt + j] += scores[i] * values[value + j];
      }
    }
    for (int i = 0; i < headWidth; i++) {
      output[outputAt + i] *= factor;
    }
  }
}
