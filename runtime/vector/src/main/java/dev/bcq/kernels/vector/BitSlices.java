package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Rounds activations to bytes and cuts them into their bits. */
final class BitSlices {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int CHUNK = 32;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;
  private static final int SLICES = PreparedInput.SLICES;

  private BitSlices() {}

  static void prepare(PreparedInput input) {
    float[] x = input.floats();
    int[] slices = input.bitSlices();
    for (int column = 0; column < input.columns(); column++) {
      int first = column * input.chunks();
      for (int span = 0; span < input.spans(); span++) {
        int from = first + span * SPAN_CHUNKS;
        int to = Math.min(from + SPAN_CHUNKS, first + input.chunks());
        float maximum = Lanes.largestMagnitude(x, from * CHUNK, to * CHUNK);
        input.sliceScales()[column * input.spans() + span] = PreparedInput.scale(maximum);
        float factor = PreparedInput.factor(maximum);
        for (int chunk = from; chunk < to; chunk++) {
          cut(x, chunk * CHUNK, factor, slices, chunk * SLICES);
          input.chunkSums()[chunk] = sum(slices, chunk * SLICES);
        }
      }
    }
  }

  private static void cut(float[] x, int from, float factor, int[] slices, int at) {
    for (int i = 0; i < CHUNK; i += F.length()) {
      // The rounder's lowest bits are zero: a sum with it ends with the integer's two's complement.
      IntVector rounded =
          FloatVector.fromArray(F, x, from + i)
              .mul(factor)
              .add(Elementary.ROUNDER)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, Integer.SIZE - SLICES);
      for (int slice = SLICES - 1; slice >= 0; slice--) {
        int bits = (int) rounded.compare(VectorOperators.LT, 0).toLong() << i;
        slices[at + slice] = i == 0 ? bits : slices[at + slice] | bits;
        rounded = rounded.add(rounded);
      }
    }
  }

  /** Returns the sum of a chunk's bytes. */
  private static int sum(int[] slices, int at) {
    int sum = -Integer.bitCount(slices[at + SLICES - 1]);
    for (int slice = SLICES - 2; slice >= 0; slice--) {
      sum = 2 * sum + Integer.bitCount(slices[at + slice]);
    }
    return sum;
  }
}
