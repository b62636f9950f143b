package dev.bcq.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpreadTest {

  static long[] seeds() {
    return new Random(7).longs(200).toArray();
  }

  private static double[] sample(long seed) {
    Random random = new Random(seed);
    return random.doubles(1 + random.nextInt(40), -1000, 1000).toArray();
  }

  @Test
  void quantilesAreThoseOfNumpy() {
    Spread spread = Spread.of(7, 1, 3, 12, 5);
    assertEquals(5, spread.median());
    assertEquals(3, spread.lower());
    assertEquals(7, spread.upper());
    assertEquals(11, spread.quantile(0.95), 1e-12);
    assertEquals(2.5, Spread.of(4, 1, 2, 3).median());
    assertEquals(1.75, Spread.of(4, 1, 2, 3).lower());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void quantilesRiseFromTheLeastToTheLargest(long seed) {
    double[] sample = sample(seed);
    Spread spread = Spread.of(sample);
    double former = Arrays.stream(sample).min().orElseThrow();
    assertEquals(former, spread.quantile(0), "seed " + seed);
    for (int i = 1; i <= 100; i++) {
      double next = spread.quantile(i / 100.0);
      assertTrue(next >= former, "seed " + seed);
      former = next;
    }
    assertEquals(Arrays.stream(sample).max().orElseThrow(), former, "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void halfOfTheSampleIsOnEachSideOfTheMedian(long seed) {
    double[] sample = sample(seed);
    double median = Spread.of(sample).median();
    long below = Arrays.stream(sample).filter(value -> value < median).count();
    long above = Arrays.stream(sample).filter(value -> value > median).count();
    assertTrue(2 * below <= sample.length && 2 * above <= sample.length, "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderOfTheSampleDoesNotMatter(long seed) {
    double[] sample = sample(seed);
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    for (double share : new double[] {0.05, 0.25, 0.5, 0.95}) {
      assertEquals(
          Spread.of(sorted).quantile(share), Spread.of(sample).quantile(share), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void quantilesFollowTheUnit(long seed) {
    double[] sample = sample(seed);
    double[] other = Arrays.stream(sample).map(value -> 8 * value).toArray();
    assertEquals(
        8 * Spread.of(sample).quantile(0.3), Spread.of(other).quantile(0.3), "seed " + seed);
  }

  @Test
  void anEmptySampleHasNoSpread() {
    assertThrows(IllegalArgumentException.class, Spread::of);
    assertNull(Spread.of(List.<Double>of(), value -> value));
  }
}
