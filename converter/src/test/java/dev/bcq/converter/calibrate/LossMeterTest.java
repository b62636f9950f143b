package dev.bcq.converter.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.Conversions;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.calibrate.LossMeter.Loss;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossMeterTest {
  private static final long SEED = 23;
  private static final int VOCABULARY = 40;
  private static final double RARE = 1e-6;

  /** More than are decoded together. */
  private static final int SENTENCES = 45;

  @TempDir Path folder;

  private static List<CalibrationSample> samples() {
    Random random = new Random(SEED);
    List<CalibrationSample> samples = new ArrayList<>();
    for (int i = 0; i < SENTENCES; i++) {
      samples.add(
          new CalibrationSample(
              random.ints(1 + random.nextInt(9), 0, VOCABULARY).toArray(),
              0,
              random.ints(i == 20 ? 0 : 1 + random.nextInt(9), 0, VOCABULARY).toArray()));
    }
    return samples;
  }

  /** Returns log-probabilities of all tokens at each position of all targets, one after another. */
  private static List<float[]> distributions(Transformer transformer) {
    List<float[]> all = new ArrayList<>();
    for (CalibrationSample sample : samples()) {
      TeacherForcing.run(
          transformer,
          List.of(transformer.encode(sample.source())),
          sample.startToken(),
          List.of(sample.target()),
          (sentence, position, values, column) -> {
            int at = values.at(column);
            all.add(Arrays.copyOfRange(values.values(), at, at + VOCABULARY));
          });
    }
    return all;
  }

  private static double crossEntropy(List<float[]> distributions) {
    double sum = 0;
    int position = 0;
    for (CalibrationSample sample : samples()) {
      for (int token : sample.target()) {
        sum -= distributions.get(position++)[token];
      }
    }
    return sum / position;
  }

  /** Returns the mean of sum p log(p / q), tokens that p says are rare as one token or as many. */
  private static double divergence(List<float[]> floats, List<float[]> others, boolean rareAsOne) {
    double sum = 0;
    for (int position = 0; position < floats.size(); position++) {
      double rareP = 0;
      double rareQ = 0;
      for (int token = 0; token < VOCABULARY; token++) {
        double logP = floats.get(position)[token];
        double logQ = others.get(position)[token];
        if (rareAsOne && Math.exp(logP) <= RARE) {
          rareP += Math.exp(logP);
          rareQ += Math.exp(logQ);
        } else {
          sum += Math.exp(logP) * (logP - logQ);
        }
      }
      sum += rareP > 0 ? rareP * Math.log(rareP / rareQ) : 0;
    }
    return sum / floats.size();
  }

  private Map<String, Matrix> quantized(BcqFile file, float deviation) {
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    for (MatrixEntry entry : file.directory().matrices()) {
      divisions.put(entry.name(), RowDivision.whole(3, entry.rows()));
    }
    BcqFile planned = Conversions.planned(SEED, deviation, new Plan(0, true, divisions), folder);
    Map<String, Matrix> matrices = new HashMap<>();
    planned
        .directory()
        .matrices()
        .forEach(entry -> matrices.put(entry.name(), MatrixLoader.load(planned, entry)));
    return matrices;
  }

  private static Transformer load(BcqFile file, Map<String, Matrix> replaced) {
    return ModelLoader.load(file, replaced, new ScalarKernelProvider().create(), Arithmetic.EXACT);
  }

  /** With the larger deviation, most tokens are rare at most positions. */
  @ParameterizedTest
  @ValueSource(floats = {0.3f, 2})
  void lossesAreThoseOfAllProbabilities(float deviation) {
    BcqFile file = Conversions.tiny(SEED, deviation, folder);
    Map<String, Matrix> quantized = quantized(file, deviation);
    List<float[]> floats = distributions(load(file, Map.of()));
    List<float[]> others = distributions(load(file, quantized));
    boolean hasRare = floats.stream().anyMatch(values -> Math.exp(values[0]) < RARE);
    assertEquals(deviation > 1, hasRare);
    try (Workers workers = new Workers(2)) {
      LossMeter meter = new LossMeter(file, samples(), workers);
      assertEquals(crossEntropy(floats), meter.floatCrossEntropy(), 1e-5);
      Loss found = meter.measure(quantized);
      double expected = divergence(floats, others, true);
      assertTrue(expected > 1e-4, "nothing is lost: " + expected);
      assertEquals(expected, found.divergence(), 1e-5 + 1e-4 * expected);
      assertEquals(crossEntropy(others), found.crossEntropy(), 1e-5);
      double ofEach = divergence(floats, others, false);
      assertTrue(expected <= ofEach + 1e-9, expected + " of " + ofEach);
      assertEquals(ofEach, found.divergence(), 1e-3);
    }
  }

  @Test
  void theFloatModelLosesNothingToItself() {
    BcqFile file = Conversions.tiny(SEED, folder);
    try (Workers workers = new Workers(1)) {
      LossMeter meter = new LossMeter(file, samples(), workers);
      Loss loss = meter.measure(Map.of());
      assertEquals(0, loss.divergence());
      assertEquals(meter.floatCrossEntropy(), loss.crossEntropy(), 1e-9);
    }
  }

  @Test
  void lossesDoNotDependOnThreads() {
    BcqFile file = Conversions.tiny(SEED, folder);
    Map<String, Matrix> quantized = quantized(file, 0.3f);
    Loss first = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Workers workers = new Workers(threads)) {
        Loss loss = new LossMeter(file, samples(), workers).measure(quantized);
        first = first == null ? loss : first;
        assertEquals(first, loss, threads + " threads");
      }
    }
  }
}
