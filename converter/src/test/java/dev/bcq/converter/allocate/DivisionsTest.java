package dev.bcq.converter.allocate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DivisionsTest {
  private static final int ROWS = 104;
  private static final int COLS = 64;
  private static final QuantizationOptions OPTIONS =
      new QuantizationOptions(0, true, QuantizationOptions.Method.ALTERNATING, false);
  private static final QuantizableMatrix MATRIX =
      new QuantizableMatrix(
          "embedding.weight", ROWS, COLS, ScaleType.FLOAT16, (row, into) -> {}, null);

  /** Tiles of rows with losses of any size: that of the short one may be the largest. */
  private static List<Item> tiles(Random random) {
    List<Item> items = new ArrayList<>();
    for (int first = 0; first < ROWS; first += BitPlaneLayout.TILE_ROWS) {
      int[] rows = new int[Math.min(BitPlaneLayout.TILE_ROWS, ROWS - first)];
      Arrays.setAll(rows, i -> i);
      for (int i = 0; i < rows.length; i++) {
        rows[i] += first;
      }
      long[] bytes = new long[BitPlaneLayout.MAX_PLANES + 1];
      double[] losses = new double[BitPlaneLayout.MAX_PLANES + 1];
      double loss = random.nextDouble();
      for (int planes = 1; planes < bytes.length; planes++) {
        bytes[planes] = FileSize.ofBlock(MATRIX, rows.length, planes, OPTIONS);
        losses[planes] = loss;
        loss /= 4;
      }
      items.add(new Item(MATRIX.name(), rows, bytes, losses));
    }
    return items;
  }

  @Test
  void partsButTheLastAreWholeTilesAndEachRowIsStoredOnce() {
    Divisions divisions = new Divisions(List.of(MATRIX), OPTIONS);
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Item> items = tiles(random);
      long budget = 2000L + random.nextInt(6000);
      Map<String, RowDivision> plan = divisions.best(items, budget);
      assertTrue(divisions.bytes(plan) <= budget, "seed " + seed);
      RowDivision division = plan.get(MATRIX.name());
      assertNotNull(division);
      for (RowDivision.Part part : division.parts().subList(0, division.parts().size() - 1)) {
        assertEquals(0, part.rows() % BitPlaneLayout.TILE_ROWS, "seed " + seed);
      }
      assertEquals(ROWS, division.rows(), "seed " + seed);
      if (division.order() != null) {
        int[] sorted = division.order().clone();
        Arrays.sort(sorted);
        for (int row = 0; row < ROWS; row++) {
          assertEquals(row, sorted[row], "seed " + seed);
        }
      }
    }
  }
}
