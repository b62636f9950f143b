package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.runtime.kernels.Arithmetic;
import org.junit.jupiter.api.Test;

class DecoderStepBenchmarkTest {

  private static float[] run(String kernels, Arithmetic arithmetic, int beams, int position) {
    DecoderStepBenchmark benchmark = new DecoderStepBenchmark();
    benchmark.model = System.getProperty("bcq.default.model");
    benchmark.kernels = kernels;
    benchmark.arithmetic = arithmetic;
    benchmark.beams = beams;
    benchmark.position = position;
    benchmark.open();
    benchmark.begin();
    return benchmark.steps();
  }

  @Test
  void bothProvidersHaveTheSameLogitsWithEveryParameter() {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      for (int beams : new int[] {1, 4}) {
        assertArrayEquals(
            run("scalar", arithmetic, beams, 16), run("vector", arithmetic, beams, 16));
      }
    }
  }
}
