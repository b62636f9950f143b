package dev.bcq.converter.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactRecoveryTest {
  private static final int COLS = 256;

  /**
   * A row of signed sums, computed in float and in any order, as training leaves it; some levels
   * may be unused.
   */
  private static float[] row(Random random, int planes, int usedLevels) {
    float[] scales = new float[planes];
    float size = (float) Math.pow(2, random.nextInt(40) - 30);
    for (int p = 0; p < planes; p++) {
      scales[p] = size * (0.05f + random.nextFloat());
    }
    if (random.nextInt(8) == 0 && planes > 1) {
      scales[1] = scales[0];
    }
    if (random.nextInt(8) == 0 && planes > 1) {
      scales[1] = scales[0] / 2;
    }
    int[] codes = random.ints(usedLevels, 0, 1 << planes).toArray();
    float[] row = new float[COLS];
    for (int i = 0; i < COLS; i++) {
      int code = codes[random.nextInt(usedLevels)];
      float sum = 0;
      for (int p = planes - 1; p >= 0; p--) {
        sum += ((code >> p) & 1) == 1 ? scales[p] : -scales[p];
      }
      row[i] = sum;
    }
    return row;
  }

  private static float[] dequantize(float[] row, float[] scales) {
    Levels levels = new Levels(scales.length);
    levels.set(scales, 0f);
    float[] result = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = levels.value(levels.nearest(row[i]));
    }
    return result;
  }

  private static void assertRecovered(float[] row, int planes, String what) {
    ExactRecovery recovery = new ExactRecovery(row.length);
    float[] scales = recovery.scales(row, planes);
    assertNotNull(scales, what);
    float[] stored = dequantize(row, scales);
    float largest = 0;
    for (float value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < row.length; i++) {
      assertEquals(row[i], stored[i], 2e-6 * largest, what);
    }
    for (int p = 0; p < planes; p++) {
      assertTrue(scales[p] >= 0 && (p == 0 || scales[p] <= scales[p - 1]), what);
    }
    float[] again = recovery.scales(stored, planes);
    assertNotNull(again, what);
    assertArrayEquals(scales, again, what);
    assertArrayEquals(stored, dequantize(stored, again), what);
  }

  @Test
  void anyRowOfUpToFourPlanesIsFoundWithWhateverLevelsItUses() {
    for (long seed = 0; seed < 4000; seed++) {
      Random random = new Random(seed);
      int planes = 1 + random.nextInt(4);
      int used = random.nextInt(3) == 0 ? 1 + random.nextInt(1 << planes) : 4 << planes;
      assertRecovered(
          row(random, planes, used), planes, "seed " + seed + ", " + planes + " planes");
    }
  }

  @Test
  void rowsOfFiveAndSixPlanesAreFoundWhenMostLevelsOccur() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int planes = 5 + random.nextInt(2);
      assertRecovered(row(random, planes, 4 << planes), planes, "seed " + seed);
    }
  }

  @Test
  void zeroRowsHaveZeroScales() {
    ExactRecovery recovery = new ExactRecovery(COLS);
    assertEquals(1, recovery.planes(new float[COLS]));
    assertArrayEquals(new float[3], recovery.scales(new float[COLS], 3));
  }

  @Test
  void theSmallestNumberOfPlanesIsFound() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int planes = 1 + random.nextInt(4);
      int found = new ExactRecovery(COLS).planes(row(random, planes, 64));
      assertTrue(found >= 1 && found <= planes, "seed " + seed + ": " + found);
    }
  }

  @Test
  void ordinaryWeightsAreNotTakenForLevels() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int cols = 16 << random.nextInt(6);
      float[] row = new float[cols];
      for (int i = 0; i < cols; i++) {
        float value = (float) random.nextGaussian() * 0.05f;
        row[i] = Float.float16ToFloat(Float.floatToFloat16(value));
      }
      assertEquals(0, new ExactRecovery(cols).planes(row), "seed " + seed);
    }
  }

  @Test
  void quantilesThatAreNoSignedSumsAreNotTakenForLevels() {
    for (long seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      float[] book = new float[8];
      for (int i = 0; i < 8; i++) {
        book[i] = (float) random.nextGaussian();
      }
      float[] row = new float[COLS];
      for (int i = 0; i < COLS; i++) {
        row[i] = book[random.nextInt(8)];
      }
      int planes = new ExactRecovery(COLS).planes(row);
      assertTrue(planes == 0 || planes > 4, "seed " + seed + ": " + planes);
    }
  }
}
