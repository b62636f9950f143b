package dev.bcq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.bcq.runtime.kernels.Arithmetic;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderStepBenchmarkTest {
  /** The best kernels, and those of the Vector API: what C needs may be missing. */
  private static final List<String> OTHERS = List.of("auto", "vector");

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
        float[] expected = run("scalar", arithmetic, beams, 16);
        for (String kernels : OTHERS) {
          assertArrayEquals(expected, run(kernels, arithmetic, beams, 16));
        }
      }
    }
  }
}
