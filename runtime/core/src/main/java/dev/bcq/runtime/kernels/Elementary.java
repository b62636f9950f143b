package dev.bcq.runtime.kernels;

/**
 * Elementary functions from IEEE basic operations only, so that every provider and CPU gives the
 * same bits.
 */
// Literals keep the digits they were published with.
@SuppressWarnings("FloatingPointLiteralPrecision")
public final class Elementary {
  /** Below, {@link #exp} is zero. */
  public static final float EXP_LOWEST = -86.5f;

  /** Above, {@link #exp} stays at its value here, about 3.3e38. */
  public static final float EXP_HIGHEST = 88.7f;

  /** 1 / ln 2. */
  public static final float LOG2_E = 1.44269504f;

  /**
   * ln 2 in two parts; the first has few enough bits that its multiples are exact (Cody and Waite
   * 1980).
   */
  public static final float LN2_HIGH = 0.693359375f;

  /** The rest of ln 2. */
  public static final float LN2_LOW = -2.12194440e-4f;

  /** Adding and subtracting 1.5 * 2^23 rounds a small float to an integer, half to even. */
  public static final float ROUNDER = 12582912f;

  private Elementary() {}

  /** Returns the integer next to a number within 2^22, half to even. */
  public static int round(float x) {
    return (int) ((x + ROUNDER) - ROUNDER);
  }

  /**
   * Returns e to the power of x: {@code 2^n * exp(r)} with {@code |r| <= ln 2 / 2} and a Taylor
   * series of degree 7. Accuracy: 2 ulp within the limits.
   */
  public static float exp(float x) {
    if (x < EXP_LOWEST) {
      return 0f;
    }
    float bounded = Math.min(x, EXP_HIGHEST);
    float n = (bounded * LOG2_E + ROUNDER) - ROUNDER;
    float r = (bounded - n * LN2_HIGH) - n * LN2_LOW;
    float series = 1f / 5040f;
    series = series * r + 1f / 720f;
    series = series * r + 1f / 120f;
    series = series * r + 1f / 24f;
    series = series * r + 1f / 6f;
    series = series * r + 0.5f;
    float value = (series * (r * r) + r) + 1f;
    return value * Float.intBitsToFloat(((int) n + 126) << 23) * 2f;
  }

  /** Returns {@code x / (1 + exp(-x))}. */
  public static float silu(float x) {
    return x / (1f + exp(-x));
  }

  /** Returns the hyperbolic tangent. Accuracy: 2e-7. */
  public static float tanh(float x) {
    float magnitude = Math.abs(x);
    float value = 1f - 2f / (exp(2f * magnitude) + 1f);
    return x < 0 ? -value : value;
  }

  /** Returns {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  public static float geluTanh(float x) {
    float inner = 0.7978845608f * (x + 0.044715f * (x * x * x));
    return 0.5f * x * (1f + tanh(inner));
  }

  /** Returns {@code x/2 (1 + erf(x / sqrt 2))}. */
  public static float geluErf(float x) {
    return 0.5f * x * (1f + erf(x * 0.7071067812f));
  }

  /**
   * Returns the error function, by the Chebyshev fit of Press et al., Numerical Recipes, section
   * 6.2 (erfcc). Accuracy: 5e-7.
   */
  public static float erf(float x) {
    float z = Math.abs(x);
    float t = 1f / (1f + 0.5f * z);
    float series = 0.17087277f;
    series = series * t - 0.82215223f;
    series = series * t + 1.48851587f;
    series = series * t - 1.13520398f;
    series = series * t + 0.27886807f;
    series = series * t - 0.18628806f;
    series = series * t + 0.09678418f;
    series = series * t + 0.37409196f;
    series = series * t + 1.00002368f;
    series = series * t - 1.26551223f;
    float complement = t * exp(series - z * z);
    return x < 0 ? complement - 1f : 1f - complement;
  }
}
