package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnapsackTest {
  private static final int PLANES = 4;

  private static List<Item> items(Random random) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long[] bytes = new long[PLANES + 1];
      double[] losses = new double[PLANES + 1];
      double loss = 1 + 10 * random.nextDouble();
      for (int planes = 1; planes <= PLANES; planes++) {
        bytes[planes] = bytes[planes - 1] + 10 + random.nextInt(40);
        losses[planes] = loss;
        loss *= 0.2 + 0.6 * random.nextDouble();
      }
      items.add(new Item("matrix " + i, null, bytes, losses));
    }
    return items;
  }

  private static long bytes(List<Item> items, int[] planes) {
    long sum = 0;
    for (int i = 0; i < planes.length; i++) {
      sum += items.get(i).bytes()[planes[i]];
    }
    return sum;
  }

  private static double losses(List<Item> items, int[] planes) {
    double sum = 0;
    for (int i = 0; i < planes.length; i++) {
      sum += items.get(i).losses()[planes[i]];
    }
    return sum;
  }

  private static double best(List<Item> items, int[] planes, int from, long budget) {
    if (from == planes.length) {
      return bytes(items, planes) <= budget ? losses(items, planes) : Double.POSITIVE_INFINITY;
    }
    double least = Double.POSITIVE_INFINITY;
    for (planes[from] = 1; planes[from] <= PLANES; planes[from]++) {
      least = Math.min(least, best(items, planes, from + 1, budget));
    }
    return least;
  }

  @Test
  void divisionIsWithinTheBudgetAndNearTheBestOfAll() {
    double sum = 0;
    double sumOfBest = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Item> items = items(random);
      long budget = bytes(items, new int[] {1, 1, 1, 1, 1}) + random.nextInt(400);
      int[] planes = Knapsack.solve(items, budget);
      assertTrue(bytes(items, planes) <= budget, "seed " + seed);
      double least = best(items, new int[5], 0, budget);
      assertTrue(losses(items, planes) >= least - 1e-9, "seed " + seed);
      sum += losses(items, planes);
      sumOfBest += least;
    }
    assertTrue(sum < 1.05 * sumOfBest, sum + " against " + sumOfBest);
  }

  @Test
  void everythingIsTakenWhereEverythingFits() {
    List<Item> items = items(new Random(1));
    for (int planes : Knapsack.solve(items, Long.MAX_VALUE)) {
      assertEquals(PLANES, planes);
    }
  }
}
