package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.MatrixRole;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixKernelBenchmarkTest {
  /** The best kernels, and those of the Vector API: what C needs may be missing. */
  private static final List<String> OTHERS = List.of("auto", "vector");

  private static float[] run(
      String kernels, String planes, int columns, Arithmetic arithmetic, MatrixRole role) {
    MatrixKernelBenchmark benchmark = new MatrixKernelBenchmark();
    benchmark.kernels = kernels;
    benchmark.shape = "256x256";
    benchmark.planes = planes;
    benchmark.columns = columns;
    benchmark.arithmetic = arithmetic;
    benchmark.role = role;
    benchmark.create();
    return benchmark.multiply();
  }

  @Test
  void bothProvidersComputeTheSameWithEveryParameter() {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      for (MatrixRole role : MatrixRole.values()) {
        for (String planes : List.of("1", "2", "3", "4", "int8")) {
          for (int columns : new int[] {1, 4, 16, 32}) {
            float[] expected = run("scalar", planes, columns, arithmetic, role);
            for (String kernels : OTHERS) {
              assertArrayEquals(expected, run(kernels, planes, columns, arithmetic, role));
            }
          }
        }
      }
    }
  }
}
