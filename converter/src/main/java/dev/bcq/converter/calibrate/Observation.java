package dev.bcq.converter.calibrate;

import dev.bcq.runtime.kernels.PreparedInput;
import java.util.Arrays;

/** The inputs that matrices read for one sentence, in the order of its tokens. */
final class Observation {
  private final float[][] values;
  private final int[] tokens;
  private double logProbability;
  private int targetTokens;

  Observation(int inputs) {
    this.values = new float[inputs][0];
    this.tokens = new int[inputs];
  }

  /** Copies the columns of an input. */
  void add(int number, PreparedInput input) {
    int cols = input.cols();
    int padded = 32 * input.chunks();
    int needed = (tokens[number] + input.columns()) * cols;
    if (values[number].length < needed) {
      values[number] = Arrays.copyOf(values[number], Math.max(needed, 2 * values[number].length));
    }
    for (int column = 0; column < input.columns(); column++) {
      int at = tokens[number]++ * cols;
      System.arraycopy(input.floats(), column * padded, values[number], at, cols);
    }
  }

  void score(float[] logProbabilities) {
    for (float value : logProbabilities) {
      logProbability += value;
    }
    targetTokens += logProbabilities.length;
  }

  /** Returns the columns of an input, [tokens][cols], and maybe more room. */
  float[] values(int number) {
    return values[number];
  }

  int tokens(int number) {
    return tokens[number];
  }

  double logProbability() {
    return logProbability;
  }

  int targetTokens() {
    return targetTokens;
  }
}
