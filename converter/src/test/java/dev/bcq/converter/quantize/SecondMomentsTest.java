package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecondMomentsTest {
  /** Columns beyond those that are worked on at a time. */
  private static final int COLS = 530;

  private static float[] inputs(Random random, int tokens) {
    float[] x = new float[tokens * COLS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() + (i % COLS > 0 ? 0.5 * x[i - 1] : 0.2));
    }
    return x;
  }

  private static double[][] products(float[] x, int tokens) {
    double[][] sums = new double[COLS][COLS];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < COLS; i++) {
        for (int j = 0; j < COLS; j++) {
          sums[i][j] += (double) x[token * COLS + i] * x[token * COLS + j];
        }
      }
    }
    return sums;
  }

  @Test
  void meansAreThoseOfAllTokensWhateverTheirNumberInACall() {
    for (long seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      SecondMoments moments = new SecondMoments(COLS);
      double[][] expected = new double[COLS][COLS];
      int count = 0;
      for (int call = 0; call < 5; call++) {
        int tokens = 1 + random.nextInt(40);
        float[] x = inputs(random, tokens + 2);
        moments.add(x, tokens);
        double[][] more = products(x, tokens);
        for (int i = 0; i < COLS; i++) {
          for (int j = 0; j < COLS; j++) {
            expected[i][j] += more[i][j];
          }
        }
        count += tokens;
      }
      assertEquals(count, moments.count());
      assertMeans(expected, count, moments, 1e-6, "seed " + seed);
    }
  }

  @Test
  void roundingIsNotSeenAfterManyAdditions() {
    int tokens = 20;
    int calls = 200;
    Random random = new Random(5);
    float[] x = inputs(random, calls * tokens);
    SecondMoments moments = new SecondMoments(COLS);
    for (int call = 0; call < calls; call++) {
      int from = call * tokens * COLS;
      moments.add(Arrays.copyOfRange(x, from, from + tokens * COLS), tokens);
    }
    assertMeans(products(x, calls * tokens), calls * tokens, moments, 1e-6, "seed 5");
  }

  private static void assertMeans(
      double[][] sums, int count, SecondMoments found, double tolerance, String what) {
    for (int i = 0; i < COLS; i++) {
      for (int j = 0; j < COLS; j++) {
        double scale = Math.sqrt(sums[i][i] * sums[j][j]) / count;
        double expected = sums[i][j] / count;
        assertEquals(expected, found.mean(i, j), tolerance * scale, what + ": " + i + ", " + j);
      }
    }
  }

  @Test
  void errorsOfOutputsAreThoseThatHeldOutInputsGive() {
    for (int rows : new int[] {0, 1, 16, 37}) {
      Random random = new Random(rows);
      SecondMoments moments = new SecondMoments(COLS);
      moments.add(inputs(random, 90), 90);
      InputMoments inputs = new InputMoments(moments, moments, 0.1);
      OutputErrorSum sum = new OutputErrorSum(inputs);
      double errors = 0;
      double outputs = 0;
      for (int row = 0; row < rows; row++) {
        float[] weights = new float[COLS];
        float[] stored = new float[COLS];
        double[] differences = new double[COLS];
        for (int col = 0; col < COLS; col++) {
          weights[col] = (float) random.nextGaussian();
          stored[col] = weights[col] + 0.1f * (float) random.nextGaussian();
          differences[col] = (double) stored[col] - weights[col];
        }
        sum.add(weights, stored);
        for (int i = 0; i < COLS; i++) {
          for (int j = 0; j < COLS; j++) {
            double mean = moments.mean(i, j) + (i == j ? 0.1 * moments.meanSquare() : 0);
            errors += differences[i] * mean * differences[j];
            outputs += (double) weights[i] * mean * weights[j];
          }
        }
      }
      double expected = rows == 0 ? 0 : errors / outputs;
      assertEquals(expected, sum.relative(), 1e-5 * expected, rows + " rows");
    }
  }
}
