package dev.bcq.converter.allocate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides a number of bytes so that the sum of losses is least: begins with one plane for each item
 * and takes the step that gains most for its bytes, over and over. Steps lead along the lower
 * convex hull of an item's losses, so that what was taken is best for every number of bytes in
 * which it ends; what is left at the end goes to steps that still fit.
 */
final class Knapsack {

  /** From a number of planes to a larger one. */
  private record Step(int item, int from, int to, long bytes, double gain) {
    double density() {
      return gain / bytes;
    }
  }

  private Knapsack() {}

  /**
   * Returns the planes of each item.
   *
   * @param budget bytes of all items together
   */
  static int[] solve(List<Item> items, long budget) {
    List<Step> steps = new ArrayList<>();
    int[] planes = new int[items.size()];
    long left = budget;
    for (int i = 0; i < planes.length; i++) {
      planes[i] = 1;
      left -= items.get(i).bytes()[1];
      addHull(i, items.get(i), steps);
    }
    steps.sort(Comparator.comparingDouble(Step::density).reversed());
    for (Step step : steps) {
      if (step.bytes() <= left && planes[step.item()] == step.from()) {
        planes[step.item()] = step.to();
        left -= step.bytes();
      }
    }
    return planes;
  }

  private static void addHull(int number, Item item, List<Step> steps) {
    int most = item.bytes().length - 1;
    int at = 1;
    while (at < most) {
      Step best = null;
      for (int to = at + 1; to <= most; to++) {
        long bytes = item.bytes()[to] - item.bytes()[at];
        Step step = new Step(number, at, to, bytes, item.losses()[at] - item.losses()[to]);
        if (step.gain() > 0 && (best == null || step.density() > best.density())) {
          best = step;
        }
      }
      if (best == null) {
        return;
      }
      steps.add(best);
      at = best.to();
    }
  }
}
