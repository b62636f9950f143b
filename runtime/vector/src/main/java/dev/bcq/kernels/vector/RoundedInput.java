package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Views.Viewer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activations rounded to bytes, but kept as floats. All widths multiply these in one instruction,
 * and lose nothing: the magnitudes of a span's products with levels or int8 weights add up to 128^3
 * = 2^21 at most, so that each sum of them is an integer that a float holds, in any order.
 */
final class RoundedInput {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final Viewer<PreparedInput, RoundedInput> OF = x -> new RoundedInput();
  private static final int CHUNK = 32;

  private float[] values = {};

  private RoundedInput() {}

  /** Returns the rounded activations, [column][32 * chunks], once they are prepared. */
  static float[] of(PreparedInput input) {
    return input.forms().get(OF).values;
  }

  /** Rounds an input, and writes its scales as those of bytes. */
  static void prepare(PreparedInput input) {
    RoundedInput rounded = input.forms().get(OF);
    int padded = input.chunks() * CHUNK;
    if (rounded.values.length < input.columns() * padded) {
      rounded.values = new float[input.columns() * padded];
    }
    for (int column = 0; column < input.columns(); column++) {
      for (int span = 0; span < input.spans(); span++) {
        int from = column * padded + span * PreparedInput.SPAN;
        int to = Math.min(from + PreparedInput.SPAN, (column + 1) * padded);
        float maximum = Lanes.largestMagnitude(input.floats(), from, to);
        input.byteScales()[column * input.spans() + span] = PreparedInput.scale(maximum);
        round(input.floats(), from, to, PreparedInput.factor(maximum), rounded.values);
      }
    }
  }

  private static void round(float[] x, int from, int to, float factor, float[] rounded) {
    for (int i = from; i < to; i += F.length()) {
      FloatVector.fromArray(F, x, i)
          .mul(factor)
          .add(Elementary.ROUNDER)
          .sub(Elementary.ROUNDER)
          .intoArray(rounded, i);
    }
  }
}
