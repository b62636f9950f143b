package dev.bcq.runtime.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyValueCacheTest {
  private static final int BEAMS = 4;
  private static final int HEADS = 3;
  private static final int WIDTH = 8;
  private static final int STEPS = 200;

  private KeyValueCache cache = cache(false);
  private final Activations keys = Activations.allocate(BEAMS, HEADS * WIDTH);
  private final Activations values = Activations.allocate(BEAMS, HEADS * WIDTH);
  private final KeyValueRows view = new KeyValueRows(HEADS, WIDTH);

  /** What each column must find: a number for each step of its past. */
  private List<List<Float>> pasts = new ArrayList<>();

  private float next = 1;

  private static KeyValueCache cache(boolean int8) {
    Kernels kernels = new ScalarKernelProvider().create();
    SpareArrays arrays = new SpareArrays();
    KeyValueStore store = KeyValueStore.create(kernels, int8, HEADS, WIDTH, arrays);
    return new KeyValueCache(List.of(store), BEAMS, STEPS, 16);
  }

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
    cache.store(0, keys, values, 0, 0, HEADS);
  }

  private void assertPasts(String message) {
    for (int column = 0; column < BEAMS; column++) {
      cache.view(0, column, view);
      List<Float> past = pasts.get(column);
      assertEquals(past.size(), view.count(), message);
      for (int position = 0; position < past.size(); position++) {
        int row = Objects.requireNonNull(view.rows()).values()[view.rowsAt() + position];
        for (int head = 0; head < HEADS; head++) {
          float expected = past.get(position) + head;
          assertEquals(expected, key(head, row), 1e-6f * expected, message);
          assertEquals(-expected, value(head, row), 1e-6f * expected, message);
        }
      }
    }
  }

  private float key(int head, int row) {
    Int8KeyValues int8 = view.int8();
    if (int8 == null) {
      return view.keys().values()[head * view.headStride() + view.keys().at(row)];
    }
    int integer = (int8.tiles()[int8.keyAt(head, row, 0)] & 0xff) - Int8TileLayout.ZERO;
    return integer * int8.scales()[int8.keyScalesAt(head) + row];
  }

  private float value(int head, int row) {
    Int8KeyValues int8 = view.int8();
    if (int8 == null) {
      return view.values().values()[head * view.headStride() + view.values().at(row)];
    }
    int integer = (int8.tiles()[int8.valueAt(head, row, 0)] & 0xff) - Int8TileLayout.ZERO;
    return integer * int8.scales()[int8.valueScalesAt(head) + row];
  }

  @ParameterizedTest(name = "in 8 bits: {0}")
  @ValueSource(booleans = {false, true})
  void everyColumnFindsItsOwnPast(boolean int8) {
    cache = cache(int8);
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
  void oneBeamUsesItsRowsInTheirOrder() {
    for (boolean int8 : new boolean[] {false, true}) {
      Kernels kernels = new ScalarKernelProvider().create();
      KeyValueStore store = KeyValueStore.create(kernels, int8, HEADS, WIDTH, new SpareArrays());
      cache = new KeyValueCache(List.of(store), 1, STEPS, 16);
      next = 1;
      for (int step = 0; step < STEPS; step++) {
        cache.advance(new int[1], 1);
        keys.values()[0] = next++;
        cache.store(0, keys, values, 0, 0, HEADS);
      }
      cache.view(0, 0, view);
      for (int step = 0; step < STEPS; step++) {
        assertEquals(step + 1, key(0, step), 1e-6f * step);
      }
    }
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
