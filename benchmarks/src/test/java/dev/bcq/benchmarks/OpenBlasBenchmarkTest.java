package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bcq.benchmarks.OpenBlasBenchmark.Routine;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenBlasBenchmarkTest {

  @ParameterizedTest
  @EnumSource
  void bothRoutinesMultiplyEveryColumn(Routine routine) {
    assumeTrue(Reference.AUTO.available(), "there is no OpenBLAS for this system");
    for (String shape : new String[] {"256x256", "1024x256"}) {
      for (int columns : new int[] {1, 4, 16}) {
        OpenBlasBenchmark benchmark = new OpenBlasBenchmark();
        benchmark.routine = routine;
        benchmark.shape = shape;
        benchmark.columns = columns;
        benchmark.create();
        float[] y = new float[256 * 4 * columns];
        int rows = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        benchmark.multiply().get(y, 0, rows * columns);
        check(rows, 256, columns, y);
      }
    }
  }

  private static void check(int rows, int cols, int columns, float[] y) {
    Random random = new Random(1);
    float[] w = OpenBlasBenchmark.normal(random, rows * cols);
    float[] x = OpenBlasBenchmark.normal(random, cols * columns);
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < cols; i++) {
          double product = (double) w[row * cols + i] * x[column * cols + i];
          sum += product;
          magnitude += Math.abs(product);
        }
        assertEquals(sum, y[column * rows + row], cols * Math.ulp(1f) * magnitude);
      }
    }
  }
}
