package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LevelsTest {
  /** Scales, some of which are the same or zero, so that levels tie. */
  private static float[] slots(Random random, int planes, boolean offset) {
    float[] scales = new float[planes];
    for (int plane = 0; plane < planes; plane++) {
      boolean coarse = random.nextBoolean();
      scales[plane] = coarse ? random.nextInt(4) / 4f : Math.abs((float) random.nextGaussian());
    }
    GroupSolver.sortDescending(scales);
    float[] slots = new float[planes + (offset ? 1 : 0)];
    System.arraycopy(scales, 0, slots, 0, planes);
    if (offset) {
      slots[planes] = random.nextBoolean() ? 0.25f : (float) random.nextGaussian();
    }
    return slots;
  }

  @Test
  void levelsAreTheSumsOfAllCodesSortedAndTheHighestCodeOfEqualOnes() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int planes = 1 + random.nextInt(8);
      boolean offset = random.nextBoolean();
      float[] slots = slots(random, planes, offset);
      Levels levels = new Levels(planes);
      levels.set(slots, 0, offset);
      TreeMap<Float, Integer> expected = new TreeMap<>();
      for (int code = 0; code < 1 << planes; code++) {
        expected.put(levels.sum(code, slots, 0, offset) + 0f, code);
      }
      assertEquals(expected.size(), levels.count(), "seed " + seed);
      int index = 0;
      for (var level : expected.entrySet()) {
        assertEquals(level.getKey(), levels.value(index), "seed " + seed);
        assertEquals(level.getValue(), levels.code(index), "seed " + seed);
        index++;
      }
      for (int code = 0; code < 1 << planes; code++) {
        float value = levels.sum(code, slots, 0, offset);
        assertEquals(value + 0f, levels.value(levels.index(code)) + 0f, "seed " + seed);
      }
    }
  }

  @Test
  void noLevelIsNearerThanTheNearest() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int planes = 1 + random.nextInt(7);
      float[] slots = slots(random, planes, true);
      Levels levels = new Levels(planes);
      levels.set(slots, 0, true);
      for (int i = 0; i < 40; i++) {
        float weight =
            i % 2 == 0 ? random.nextInt(-20, 20) / 8f : 2 * (float) random.nextGaussian();
        int nearest = levels.nearest(weight);
        double distance = Math.abs((double) weight - levels.value(nearest));
        for (int level = 0; level < levels.count(); level++) {
          double other = Math.abs((double) weight - levels.value(level));
          assertTrue(level < nearest ? distance < other : distance <= other, "seed " + seed);
          assertEquals(level == nearest, levels.isNearest(level, weight), "seed " + seed);
        }
      }
    }
  }
}
