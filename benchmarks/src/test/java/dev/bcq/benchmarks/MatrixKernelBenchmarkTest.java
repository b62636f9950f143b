package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.runtime.kernels.Arithmetic;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixKernelBenchmarkTest {
  /** The best kernels, and those of the Vector API: what C needs may be missing. */
  private static final List<String> OTHERS = List.of("auto", "vector");

  private static float[] run(String kernels, int planes, int columns, Arithmetic arithmetic) {
    MatrixKernelBenchmark benchmark = new MatrixKernelBenchmark();
    benchmark.kernels = kernels;
    benchmark.shape = "256x256";
    benchmark.planes = planes;
    benchmark.columns = columns;
    benchmark.arithmetic = arithmetic;
    benchmark.create();
    return benchmark.multiply();
  }

  @Test
  void bothProvidersComputeTheSameWithEveryParameter() {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      for (int planes = 1; planes <= 4; planes++) {
        for (int columns : new int[] {1, 4, 16}) {
          float[] expected = run("scalar", planes, columns, arithmetic);
          for (String kernels : OTHERS) {
            assertArrayEquals(expected, run(kernels, planes, columns, arithmetic));
          }
        }
      }
    }
  }
}
