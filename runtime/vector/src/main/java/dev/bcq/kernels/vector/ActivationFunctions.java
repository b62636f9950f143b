package dev.bcq.kernels.vector;

import dev.bcq.format.Activation;
import dev.bcq.runtime.kernels.Elementary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The activations of {@link Elementary} on vectors: the same operations in the same order. */
// Literals keep the digits they were published with.
@SuppressWarnings("FloatingPointLiteralPrecision")
final class ActivationFunctions {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int LENGTH = Lanes.LENGTH;

  private ActivationFunctions() {}

  // A loop of its own for each function, so that each is compiled for itself.
  static void apply(Activation function, float[] x, int from, int length) {
    int whole = from + (length & -LENGTH);
    int end = from + length;
    VectorMask<Float> rest = Lanes.first(end - whole);
    switch (function) {
      case RELU -> {
        for (int i = from; i < end; i++) {
          x[i] = Math.max(x[i], 0f);
        }
      }
      case SILU -> {
        for (int i = from; i < whole; i += LENGTH) {
          silu(FloatVector.fromArray(F, x, i)).intoArray(x, i);
        }
        silu(FloatVector.fromArray(F, x, whole, rest)).intoArray(x, whole, rest);
      }
      case GELU_ERF -> {
        for (int i = from; i < whole; i += LENGTH) {
          geluErf(FloatVector.fromArray(F, x, i)).intoArray(x, i);
        }
        geluErf(FloatVector.fromArray(F, x, whole, rest)).intoArray(x, whole, rest);
      }
      case GELU_TANH -> {
        for (int i = from; i < whole; i += LENGTH) {
          geluTanh(FloatVector.fromArray(F, x, i)).intoArray(x, i);
        }
        geluTanh(FloatVector.fromArray(F, x, whole, rest)).intoArray(x, whole, rest);
      }
    }
  }

  private static FloatVector silu(FloatVector x) {
    return x.div(Exponentials.exp(x.neg()).add(1f));
  }

  private static FloatVector geluTanh(FloatVector x) {
    FloatVector cube = x.mul(x).mul(x);
    FloatVector inner = x.add(cube.mul(0.044715f)).mul(0.7978845608f);
    FloatVector exponential = Exponentials.exp(inner.abs().mul(2f));
    FloatVector quotient = FloatVector.broadcast(F, 2f).div(exponential.add(1f));
    FloatVector value = FloatVector.broadcast(F, 1f).sub(quotient);
    FloatVector tanh = value.blend(value.neg(), inner.compare(VectorOperators.LT, 0f));
    return x.mul(0.5f).mul(tanh.add(1f));
  }

  private static FloatVector geluErf(FloatVector x) {
    FloatVector scaled = x.mul(0.7071067812f);
    FloatVector z = scaled.abs();
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector t = one.div(z.mul(0.5f).add(1f));
    FloatVector series = FloatVector.broadcast(F, 0.17087277f);
    series = series.mul(t).sub(0.82215223f);
    series = series.mul(t).add(1.48851587f);
    series = series.mul(t).sub(1.13520398f);
    series = series.mul(t).add(0.27886807f);
    series = series.mul(t).sub(0.18628806f);
    series = series.mul(t).add(0.09678418f);
    series = series.mul(t).add(0.37409196f);
    series = series.mul(t).add(1.00002368f);
    series = series.mul(t).sub(1.26551223f);
    FloatVector complement = t.mul(Exponentials.exp(series.sub(z.mul(z))));
    FloatVector erf =
        one.sub(complement).blend(complement.sub(1f), scaled.compare(VectorOperators.LT, 0f));
    return x.mul(0.5f).mul(erf.add(1f));
  }
}
