package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.runtime.kernels.Arithmetic;
import org.junit.jupiter.api.Test;

class MatrixKernelBenchmarkTest {

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
          assertArrayEquals(
              run("scalar", planes, columns, arithmetic),
              run("vector", planes, columns, arithmetic));
        }
      }
    }
  }
}
