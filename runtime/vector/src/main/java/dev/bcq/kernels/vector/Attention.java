package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.KeyValueRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Attention of one query. */
final class Attention {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int LENGTH = Lanes.LENGTH;

  private Attention() {}

  static void attend(
      float[] query,
      int queryOffset,
      KeyValueRows memory,
      float scale,
      float @Nullable [] bias,
      int biasOffset,
      int biasStride,
      float[] scores,
      float[] output,
      int outputOffset) {
    int headWidth = memory.headWidth();
    for (int head = 0; head < memory.heads(); head++) {
      int at = head * headWidth;
      float maximum =
          score(
              query,
              queryOffset + at,
              memory,
              at,
              scale,
              bias,
              biasOffset + head * biasStride,
              scores);
      Exponentials.apply(scores, memory.count(), maximum);
      float factor = 1f / Lanes.sum(scores, 0, memory.count());
      mix(memory, at, scores, factor, output, outputOffset + at);
    }
  }

  private static float score(
      float[] query,
      int queryAt,
      KeyValueRows memory,
      int at,
      float scale,
      float @Nullable [] bias,
      int biasAt,
      float[] scores) {
    int headWidth = memory.headWidth();
    int width = memory.heads() * headWidth;
    int[] rows = memory.rows();
    float[] keys = memory.keys();
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < memory.count(); i++) {
      float score = Lanes.dot(query, queryAt, keys, rows[i] * width + at, headWidth) * scale;
      if (bias != null) {
        score += bias[biasAt + i];
      }
      scores[i] = score;
      maximum = Math.max(maximum, score);
    }
    return maximum;
  }

  private static void mix(
      KeyValueRows memory, int at, float[] weights, float factor, float[] output, int outputAt) {
    int headWidth = memory.headWidth();
    int whole = headWidth & -LENGTH;
    for (int i = 0; i < whole; i += LENGTH) {
      mixLanes(memory, at + i, weights, factor, output, outputAt + i);
    }
    if (whole < headWidth) {
      VectorMask<Float> mask = Lanes.first(headWidth - whole);
      mixLanes(memory, at + whole, weights, factor, output, outputAt + whole, mask);
    }
  }

  private static void mixLanes(
      KeyValueRows memory, int at, float[] weights, float factor, float[] output, int outputAt) {
    int width = memory.heads() * memory.headWidth();
    int[] rows = memory.rows();
    float[] values = memory.values();
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < memory.count(); i++) {
      sum = sum.add(FloatVector.fromArray(F, values, rows[i] * width + at).mul(weights[i]));
    }
    sum.mul(factor).intoArray(output, outputAt);
  }

  private static void mixLanes(
      KeyValueRows memory,
      int at,
      float[] weights,
      float factor,
      float[] output,
      int outputAt,
      VectorMask<Float> mask) {
    int width = memory.heads() * memory.headWidth();
    int[] rows = memory.rows();
    float[] values = memory.values();
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < memory.count(); i++) {
      sum = sum.add(FloatVector.fromArray(F, values, rows[i] * width + at, mask).mul(weights[i]));
    }
    sum.mul(factor).intoArray(output, outputAt, mask);
  }
}
