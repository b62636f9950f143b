package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ElementaryTest {

  /** The error function by its Taylor series, or 1 where float cannot tell the difference. */
  private static double erf(double x) {
    if (Math.abs(x) > 4) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }

  private interface FloatFunction {
    float of(float x);
  }

  private static void near(FloatFunction found, DoubleUnaryOperator exact, double tolerance) {
    for (float x = -12; x <= 12; x += 0.00137f) {
      double expected = exact.applyAsDouble(x);
      assertEquals(expected, found.of(x), tolerance * Math.max(1, Math.abs(expected)), "at " + x);
    }
  }

  @Test
  void expIsWithinTwoUlp() {
    for (float x = -86.4f; x < 88.6f; x += 0.00731f) {
      double expected = Math.exp(x);
      assertEquals(expected, Elementary.exp(x), 2 * Math.ulp((float) expected), "at " + x);
    }
  }

  @Test
  void expVanishesFarBelowAndStaysFiniteFarAbove() {
    assertEquals(0f, Elementary.exp(-100f));
    assertEquals(0f, Elementary.exp(Float.NEGATIVE_INFINITY));
    assertEquals(1f, Elementary.exp(0f));
    assertEquals(Elementary.exp(Elementary.EXP_HIGHEST), Elementary.exp(1000f));
    assertEquals(true, Float.isFinite(Elementary.exp(1000f)));
  }

  @Test
  void activationsAreCloseToTheirDefinitions() {
    near(Elementary::tanh, Math::tanh, 4e-7);
    near(Elementary::erf, ElementaryTest::erf, 6e-7);
    near(Elementary::silu, x -> x / (1 + Math.exp(-x)), 4e-7);
    near(Elementary::geluErf, x -> x / 2 * (1 + erf(x / Math.sqrt(2))), 3e-6);
    near(
        Elementary::geluTanh,
        x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        3e-6);
  }
}
