package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Elementary#exp} on vectors: the same operations in the same order. */
final class Exponentials {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int LENGTH = Lanes.LENGTH;

  private Exponentials() {}

  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.min(Elementary.EXP_HIGHEST);
    FloatVector n = bounded.mul(Elementary.LOG2_E).add(Elementary.ROUNDER).sub(Elementary.ROUNDER);
    FloatVector r = bounded.sub(n.mul(Elementary.LN2_HIGH)).sub(n.mul(Elementary.LN2_LOW));
    FloatVector series = FloatVector.broadcast(F, 1f / 5040f);
    series = series.mul(r).add(1f / 720f);
    series = series.mul(r).add(1f / 120f);
    series = series.mul(r).add(1f / 24f);
    series = series.mul(r).add(1f / 6f);
    series = series.mul(r).add(0.5f);
    FloatVector value = series.mul(r.mul(r)).add(r).add(1f);
    IntVector exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
    FloatVector power = exponent.add(126).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    VectorMask<Float> vanishing = x.compare(VectorOperators.LT, Elementary.EXP_LOWEST);
    return value.mul(power).mul(2f).blend(0f, vanishing);
  }

  /** Replaces values, a multiple of 16, by their exponentials relative to the largest. */
  static void apply(float[] x, int from, int length, float maximum) {
    for (int i = from; i < from + length; i += LENGTH) {
      exp(FloatVector.fromArray(F, x, i).sub(maximum)).intoArray(x, i);
    }
  }

  static float sum(float[] x, int from, int length, float maximum) {
    FloatVector p0 = FloatVector.zero(F);
    FloatVector p1 = p0;
    FloatVector p2 = p0;
    FloatVector p3 = p0;
    for (int i = 0; i < length; i += 16) {
      p0 = add(p0, x, from + i, length - i, maximum);
      if (LENGTH <= 8) {
        p1 = add(p1, x, from + i + LENGTH, length - i - LENGTH, maximum);
      }
      if (LENGTH <= 4) {
        p2 = add(p2, x, from + i + 8, length - i - 8, maximum);
        p3 = add(p3, x, from + i + 12, length - i - 12, maximum);
      }
    }
    return Lanes.tree(p0, p1, p2, p3);
  }

  private static FloatVector add(FloatVector p, float[] x, int at, int count, float maximum) {
    if (count >= LENGTH) {
      return p.add(exp(FloatVector.fromArray(F, x, at).sub(maximum)));
    }
    if (count <= 0) {
      return p;
    }
    VectorMask<Float> mask = Lanes.first(count);
    return p.add(exp(FloatVector.fromArray(F, x, at, mask).sub(maximum)), mask);
  }
}
