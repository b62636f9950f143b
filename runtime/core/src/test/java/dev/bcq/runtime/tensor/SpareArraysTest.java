package dev.bcq.runtime.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpareArraysTest {
  private final SpareArrays arrays = new SpareArrays();

  @Test
  void whatWasGivenBackIsTakenAgainTheShortestThatWillDo() {
    float[] shortOne = arrays.floats(10);
    float[] middle = arrays.floats(20);
    float[] longOne = arrays.floats(30);
    arrays.give(longOne);
    arrays.give(shortOne);
    arrays.give(middle);
    assertSame(middle, arrays.floats(15));
    assertSame(longOne, arrays.floats(15));
    assertNotSame(shortOne, arrays.floats(15));
  }

  @Test
  void bytesAreKeptBesideFloats() {
    byte[] bytes = arrays.bytes(10);
    arrays.give(arrays.floats(10));
    arrays.give(bytes);
    assertSame(bytes, arrays.bytes(5));
    assertNotSame(bytes, arrays.bytes(5));
  }

  @Test
  void aNewArrayTakesThePlaceOfOneThatIsTooShort() {
    float[] shortOne = arrays.floats(10);
    arrays.give(shortOne);
    assertEquals(11, arrays.floats(11).length);
    assertNotSame(shortOne, arrays.floats(10));
  }

  @Test
  void nobodyGetsWhatSomebodyElseUses() {
    Random random = new Random(5);
    List<float[]> used = new ArrayList<>();
    Set<float[]> known = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 20_000; i++) {
      if (used.size() < 12 && random.nextBoolean()) {
        int length = random.nextInt(100);
        float[] taken = arrays.floats(length);
        assertTrue(taken.length >= length);
        assertTrue(known.add(taken), "an array that is in use");
        used.add(taken);
      } else if (!used.isEmpty()) {
        float[] given = used.remove(random.nextInt(used.size()));
        known.remove(given);
        arrays.give(given);
      }
    }
  }
}
