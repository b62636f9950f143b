package dev.bcq.runtime.ops;

import dev.bcq.format.Positions;

/** Sinusoidal positions (Vaswani et al. 2017, section 3.5), computed in double and rounded. */
public final class Sinusoids {

  private Sinusoids() {}

  /** Returns the rows of the first {@code count} tokens, [count][width]. */
  public static float[] table(Positions.Sinusoidal positions, int width, int count) {
    float[] table = new float[count * width];
    int half = width / 2;
    double divisor = positions.halfMinusOne() ? half - 1 : half;
    for (int j = 0; j < half; j++) {
      double frequency = StrictMath.pow(10000.0, -j / divisor);
      int sine = positions.interleaved() ? 2 * j : j;
      int cosine = positions.interleaved() ? 2 * j + 1 : half + j;
      for (int token = 0; token < count; token++) {
        double angle = (token + positions.first()) * frequency;
        table[token * width + sine] = (float) StrictMath.sin(angle);
        table[token * width + cosine] = (float) StrictMath.cos(angle);
      }
    }
    return table;
  }
}
