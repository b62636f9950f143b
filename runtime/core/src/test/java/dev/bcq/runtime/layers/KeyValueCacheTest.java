package dev.bcq.runtime.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyValueCacheTest {
  private static final int BEAMS = 4;
  private static final int HEADS = 3;
  private static final int WIDTH = 8;
  private static final int STEPS = 200;

  private final FloatArrays arrays = new FloatArrays();
  private final KeyValueCache cache = new KeyValueCache(1, HEADS, WIDTH, BEAMS, STEPS, 16, arrays);
  private final int stride = KeyValueRows.paddedStride(HEADS * WIDTH);
  private final Activations keys = Activations.allocate(BEAMS, stride);
  private final Activations values = Activations.allocate(BEAMS, stride);
  private final KeyValueRows view = new KeyValueRows(HEADS, WIDTH);

  /** What each column must find: a number for each step of its past. */
  private List<List<Float>> pasts = new ArrayList<>();

  private float next;

  private void step(int[] parents) {
    cache.advance(parents, BEAMS);
    List<List<Float>> grown = new ArrayList<>();
    for (int column = 0; column < BEAMS; column++) {
      List<Float> past = new ArrayList<>(pasts.isEmpty() ? List.of() : pasts.get(parents[column]));
      past.add(next);
      grown.add(past);
      for (int head = 0; head < HEADS; head++) {
        keys.values()[keys.at(column) + head * WIDTH] = next + head;
        values.values()[values.at(column) + head * WIDTH] = -next - head;
      }
      next += HEADS;
    }
    pasts = grown;
    cache.store(0, keys, values, 0, BEAMS);
  }

  private void assertPasts(String message) {
    for (int column = 0; column < BEAMS; column++) {
      cache.view(0, column, view);
      List<Float> past = pasts.get(column);
      assertEquals(past.size(), view.count(), message);
      for (int position = 0; position < past.size(); position++) {
        for (int head = 0; head < HEADS; head++) {
          int at = head * view.headStride() + view.rows().values()[position] * view.keys().stride();
          assertEquals(past.get(position) + head, view.keys().values()[at], message);
          assertEquals(-past.get(position) - head, view.values().values()[at], message);
        }
      }
    }
  }

  @Test
  void everyColumnFindsItsOwnPast() {
    Random random = new Random(3);
    for (int step = 0; step < STEPS; step++) {
      int[] parents = random.ints(BEAMS, 0, BEAMS).toArray();
      step(parents);
      assertPasts("step " + step);
    }
  }

  @Test
  void columnsThatNeverMeetKeepAllTheirRows() {
    for (int step = 0; step < STEPS; step++) {
      step(new int[] {0, 1, 2, 3});
    }
    assertPasts("the last step");
    assertEquals(BEAMS * STEPS, cache.rows());
  }

  @Test
  void rowsThatNoColumnKnowsAreUsedAgain() {
    for (int step = 0; step < STEPS; step++) {
      step(new int[] {0, 0, 0, 0});
    }
    assertPasts("the last step");
    assertTrue(cache.rows() < 2 * STEPS, cache.rows() + " rows");
  }

  @Test
  void moreStepsThanTheLimitAreRefused() {
    for (int step = 0; step < STEPS; step++) {
      step(new int[BEAMS]);
    }
    assertThrows(IllegalStateException.class, () -> cache.advance(new int[BEAMS], BEAMS));
  }
}
