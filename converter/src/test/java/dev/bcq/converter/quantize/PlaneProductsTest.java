package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlaneProductsTest {
  private static final int COLS = 75;

  private static OutputMetric metric(Random random) {
    SecondMoments moments = new SecondMoments(COLS);
    float[] x = new float[200 * COLS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() + (i > 0 ? 0.6 * x[i - 1] : 0));
    }
    moments.add(x, 200);
    return new OutputMetric(new InputMoments(moments, moments, 0));
  }

  private static RowShape shape(Random random) {
    int[] groupSizes = {COLS, 64, 32, 7};
    int groupSize = groupSizes[random.nextInt(groupSizes.length)];
    return new RowShape(COLS, 1 + random.nextInt(8), groupSize, random.nextBoolean(), true);
  }

  private static int[] codes(RowShape shape, Random random) {
    return random.ints(COLS, 0, 1 << shape.planes()).toArray();
  }

  private static void assertProducts(
      PlaneProducts found, RowShape shape, OutputMetric metric, int[] codes, String what) {
    for (int group = 0; group < shape.groups(); group++) {
      for (int slot = 0; slot < shape.slots(); slot++) {
        double[] expected = new double[COLS];
        for (int col = shape.first(group); col < shape.first(group + 1); col++) {
          boolean positive =
              slot == shape.planes() || (codes[col] >> (shape.planes() - 1 - slot) & 1) == 1;
          for (int i = 0; i < COLS; i++) {
            expected[i] += positive ? metric.products(col)[i] : -metric.products(col)[i];
          }
        }
        for (int i = 0; i < COLS; i++) {
          double given = found.of(shape.at(group) + slot)[i];
          assertEquals(expected[i], given, 1e-4, what + ", slot " + slot + " of group " + group);
        }
      }
    }
  }

  @Test
  void productsThatFollowCodesAreThoseOfTheCodes() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      OutputMetric metric = metric(random);
      RowShape shape = shape(random);
      String what = shape + ", seed " + seed;
      PlaneProducts products = new PlaneProducts(shape, metric);
      for (int row = 0; row < 2; row++) {
        int[] codes = codes(shape, random);
        products.set(codes, new float[COLS], new float[COLS]);
        assertProducts(products, shape, metric, codes, what);
        for (int step = 0; step < 4; step++) {
          for (int change = random.nextInt(COLS); change > 0; change--) {
            codes[random.nextInt(COLS)] = random.nextInt(1 << shape.planes());
          }
          products.update(codes);
          assertProducts(products, shape, metric, codes, what);
        }
      }
    }
  }

  @Test
  void aGradientIsTheErrorsTimesH() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      OutputMetric metric = metric(random);
      RowShape shape = shape(random);
      float[] errors = new float[COLS];
      for (int col = 0; col < COLS; col++) {
        errors[col] = (float) random.nextGaussian();
      }
      float[] gradient = new float[COLS];
      new PlaneProducts(shape, metric).set(codes(shape, random), errors, gradient);
      for (int i = 0; i < COLS; i++) {
        double expected = 0;
        for (int col = 0; col < COLS; col++) {
          expected += errors[col] * metric.products(col)[i];
        }
        assertEquals(expected, gradient[i], 1e-4, shape + ", seed " + seed);
      }
    }
  }

  @Test
  void planesInAnotherOrderKeepTheirProductsAndSums() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      OutputMetric metric = metric(random);
      RowShape shape = shape(random);
      String what = shape + ", seed " + seed;
      PlaneProducts products = new PlaneProducts(shape, metric);
      int[] codes = codes(shape, random);
      products.set(codes, new float[COLS], new float[COLS]);
      List<Integer> places = new ArrayList<>();
      boolean[] negative = new boolean[shape.planes()];
      for (int plane = 0; plane < shape.planes(); plane++) {
        places.add(plane);
        negative[plane] = random.nextBoolean();
      }
      Collections.shuffle(places, random);
      int[] order = places.stream().mapToInt(Integer::intValue).toArray();
      int group = random.nextInt(shape.groups());
      int[] former = codes.clone();
      products.rearrange(group, order, negative, codes);
      for (int col = 0; col < COLS; col++) {
        boolean inGroup = col >= shape.first(group) && col < shape.first(group + 1);
        for (int place = 0; place < shape.planes(); place++) {
          int plane = inGroup ? order[place] : place;
          int bit = former[col] >> (shape.planes() - 1 - plane) & 1;
          int expected = inGroup && negative[plane] ? 1 - bit : bit;
          assertEquals(expected, codes[col] >> (shape.planes() - 1 - place) & 1, what);
        }
      }
      assertProducts(products, shape, metric, codes, what);
      codes[random.nextInt(COLS)] ^= 1;
      products.update(codes);
      assertProducts(products, shape, metric, codes, what);
    }
  }
}
