package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import java.util.Arrays;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of one query to keys and values as floats. Rows are walked with all heads at once: a
 * row is one stretch of memory, far from the next one.
 */
final class Attention {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int LENGTH = Lanes.LENGTH;

  /** Rows that are mixed before the next columns are turned to: they stay in the nearest cache. */
  private static final int ROWS = 16;

  private Attention() {}

  static void attend(
      Activations queries,
      KeyValueRows memory,
      int biasOffset,
      Activations context,
      int column,
      int headFrom,
      int headTo) {
    float[] scores = memory.scores().values();
    Activations bias = memory.bias();
    float[] output = context.values();
    int outputOffset = context.at(column);
    int count = memory.count();
    int padded = padded(memory);
    score(queries.values(), queries.at(column), memory, scores, headFrom, headTo);
    for (int head = headFrom; head < headTo; head++) {
      int at = head * padded;
      if (bias != null) {
        Lanes.add(scores, at, bias.values(), biasOffset + head * bias.stride(), count);
      }
      float maximum = Lanes.maximum(scores, at, count);
      Arrays.fill(scores, at + count, at + padded, Float.NEGATIVE_INFINITY);
      Exponentials.apply(scores, at, padded, maximum);
    }
    mix(memory, scores, output, outputOffset, headFrom, headTo);
    for (int head = headFrom; head < headTo; head++) {
      float factor = 1f / Lanes.sum(scores, head * padded, padded);
      Lanes.scale(output, outputOffset + head * memory.headWidth(), memory.headWidth(), factor);
    }
  }

  /**
   * Returns the places of a head's scores: whole vectors, of which those behind the last position
   * weigh nothing.
   */
  private static int padded(KeyValueRows memory) {
    return (memory.count() + 15) & -16;
  }

  private static void score(
      float[] query, int queryAt, KeyValueRows memory, float[] scores, int headFrom, int headTo) {
    float scale = memory.scale();
    int headWidth = memory.headWidth();
    int count = memory.count();
    int padded = padded(memory);
    int stride = memory.stride();
    int[] rows = Objects.requireNonNull(memory.rows()).values();
    int rowsAt = memory.rowsAt();
    float[] keys = memory.keys().values();
    for (int i = 0; i < count; i++) {
      for (int head = headFrom; head < headTo; head++) {
        int key = rows[rowsAt + i] * stride + head * memory.headStride();
        scores[head * padded + i] =
            Lanes.dot(query, queryAt + head * headWidth, keys, key, headWidth) * scale;
      }
    }
  }

  private static void mix(
      KeyValueRows memory,
      float[] weights,
      float[] output,
      int outputAt,
      int headFrom,
      int headTo) {
    int headWidth = memory.headWidth();
    for (int i = headFrom * headWidth; i < headTo * headWidth; i++) {
      output[outputAt + i] = 0f;
    }
    for (int from = 0; from < memory.count(); from += ROWS) {
      int to = Math.min(from + ROWS, memory.count());
      for (int head = headFrom; head < headTo; head++) {
        int weight = head * padded(memory);
        int value = head * memory.headStride();
        int outputOfHead = outputAt + head * headWidth;
        int at = 0;
        for (; at + 4 * LENGTH <= headWidth; at += 4 * LENGTH) {
          mixFour(memory, from, to, value + at, weights, weight, output, outputOfHead + at);
        }
        for (; at < headWidth; at += LENGTH) {
          int lanes = headWidth - at;
          mixUpTo(memory, from, to, value + at, lanes, weights, weight, output, outputOfHead + at);
        }
      }
    }
  }

  // Each sum waits for itself; four of them keep the adders busy.
  private static void mixFour(
      KeyValueRows memory,
      int from,
      int to,
      int at,
      float[] weights,
      int weightAt,
      float[] output,
      int outputAt) {
    int stride = memory.stride();
    int[] rows = Objects.requireNonNull(memory.rows()).values();
    int rowsAt = memory.rowsAt();
    float[] values = memory.values().values();
    FloatVector sum0 = FloatVector.fromArray(F, output, outputAt);
    FloatVector sum1 = FloatVector.fromArray(F, output, outputAt + LENGTH);
    FloatVector sum2 = FloatVector.fromArray(F, output, outputAt + 2 * LENGTH);
    FloatVector sum3 = FloatVector.fromArray(F, output, outputAt + 3 * LENGTH);
    for (int i = from; i < to; i++) {
      int row = rows[rowsAt + i] * stride + at;
      FloatVector weight = FloatVector.broadcast(F, weights[weightAt + i]);
      sum0 = sum0.add(FloatVector.fromArray(F, values, row).mul(weight));
      sum1 = sum1.add(FloatVector.fromArray(F, values, row + LENGTH).mul(weight));
      sum2 = sum2.add(FloatVector.fromArray(F, values, row + 2 * LENGTH).mul(weight));
      sum3 = sum3.add(FloatVector.fromArray(F, values, row + 3 * LENGTH).mul(weight));
    }
    sum0.intoArray(output, outputAt);
    sum1.intoArray(output, outputAt + LENGTH);
    sum2.intoArray(output, outputAt + 2 * LENGTH);
    sum3.intoArray(output, outputAt + 3 * LENGTH);
  }

  private static void mixUpTo(
      KeyValueRows memory,
      int from,
      int to,
      int at,
      int lanes,
      float[] weights,
      int weightAt,
      float[] output,
      int outputAt) {
    int stride = memory.stride();
    int[] rows = Objects.requireNonNull(memory.rows()).values();
    int rowsAt = memory.rowsAt();
    float[] values = memory.values().values();
    VectorMask<Float> mask = Lanes.first(lanes);
    FloatVector sum = FloatVector.fromArray(F, output, outputAt, mask);
    for (int i = from; i < to; i++) {
      FloatVector value = FloatVector.fromArray(F, values, rows[rowsAt + i] * stride + at, mask);
      sum = sum.add(value.mul(weights[weightAt + i]));
    }
    sum.intoArray(output, outputAt, mask);
  }
}
