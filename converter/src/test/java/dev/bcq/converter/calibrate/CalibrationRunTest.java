package dev.bcq.converter.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bcq.converter.Conversions;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.SecondMoments;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationRunTest {
  private static final long SEED = 17;
  private static final int VOCABULARY = 40;
  private static final int SENTENCES = 130;

  @TempDir Path folder;

  private static List<CalibrationSample> samples() {
    Random random = new Random(SEED);
    List<CalibrationSample> samples = new ArrayList<>();
    for (int i = 0; i < SENTENCES; i++) {
      samples.add(
          new CalibrationSample(
              random.ints(1 + random.nextInt(9), 0, VOCABULARY).toArray(),
              0,
              random.ints(1 + random.nextInt(9), 0, VOCABULARY).toArray()));
    }
    return samples;
  }

  private static Map<String, InputMoments> run(BcqFile file, int threads) {
    try (Workers workers = new Workers(threads)) {
      CalibrationRun run = new CalibrationRun(file, workers);
      run.run(samples());
      return run.moments();
    }
  }

  private static InputMoments of(Map<String, InputMoments> moments, String name) {
    return Objects.requireNonNull(moments.get(name), name);
  }

  private static void assertMoments(double[][] expected, long tokens, SecondMoments found) {
    assertEquals(tokens, found.count());
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected.length; j++) {
        double scale = Math.sqrt(expected[i][i] * expected[j][j]) / tokens;
        assertEquals(
            expected[i][j] / tokens,
            found.mean(i, j),
            1e-4 * scale,
            i + ", " + j + " seed " + SEED);
      }
    }
  }

  private static void add(float[] x, double[][] sums) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        sums[i][j] += (double) x[i] * x[j];
      }
    }
  }

  @Test
  void momentsOfTheFirstLayerAreThoseOfNormalizedEmbeddings() {
    BcqFile file = Conversions.tiny(SEED, folder);
    float[] table = floats(file, "embedding.weight");
    int width = file.directory().config().width();
    double[][][] sums = new double[2][width][width];
    long[] tokens = new long[2];
    float[] norm = tensor(file, "encoder.layers.0.self_attention_norm.weight");
    List<CalibrationSample> samples = samples();
    for (int i = 0; i < samples.size(); i++) {
      int part = i % 10 == 9 ? 1 : 0;
      for (int id : samples.get(i).source()) {
        double squares = 0;
        for (int col = 0; col < width; col++) {
          squares += (double) table[id * width + col] * table[id * width + col];
        }
        float[] x = new float[width];
        for (int col = 0; col < width; col++) {
          double root = Math.sqrt(squares / width + file.directory().config().normEpsilon());
          x[col] = (float) (table[id * width + col] / root * norm[col]);
        }
        add(x, sums[part]);
        tokens[part]++;
      }
    }
    InputMoments found = of(run(file, 2), "encoder.layers.0.self_attention.value.weight");
    assertMoments(sums[0], tokens[0], found.fitting());
    assertMoments(sums[1], tokens[1], found.heldOut());
  }

  @Test
  void momentsOfTheMemoryAreThoseOfTheEncodersOutput() {
    BcqFile file = Conversions.tiny(SEED, folder);
    Transformer transformer =
        ModelLoader.load(file, new ScalarKernelProvider().create(), Arithmetic.EXACT);
    int width = file.directory().config().width();
    double[][] sums = new double[width][width];
    long tokens = 0;
    double logProbability = 0;
    long targets = 0;
    List<CalibrationSample> samples = samples();
    for (int i = 0; i < samples.size(); i++) {
      int[] source = samples.get(i).source();
      float[] output = transformer.encode(source).output();
      for (int token = 0; token < source.length && i % 10 != 9; token++, tokens++) {
        add(Arrays.copyOfRange(output, token * width, (token + 1) * width), sums);
      }
      for (float value :
          TeacherForcing.logProbabilities(
              transformer, transformer.encode(source), 0, samples.get(i).target())) {
        logProbability += value;
        targets++;
      }
    }
    try (Workers workers = new Workers(2)) {
      CalibrationRun run = new CalibrationRun(file, workers);
      run.run(samples);
      Map<String, InputMoments> found = run.moments();
      InputMoments key = of(found, "decoder.layers.0.cross_attention.key.weight");
      assertMoments(sums, tokens, key.fitting());
      assertSame(key, of(found, "decoder.layers.0.cross_attention.value.weight"));
      assertEquals(-logProbability / targets, run.crossEntropy(), 1e-5);
    }
  }

  @Test
  void eachMatrixSeesEachTokenOnceWhateverTheThreads() {
    BcqFile file = Conversions.tiny(SEED, folder);
    Map<String, InputMoments> one = run(file, 1);
    Map<String, InputMoments> three = run(file, 3);
    long sources = samples().stream().mapToLong(sample -> sample.source().length).sum();
    long targets = samples().stream().mapToLong(sample -> sample.target().length).sum();
    for (MatrixEntry entry : file.directory().matrices()) {
      InputMoments found = of(one, entry.name());
      boolean ofSources =
          entry.name().startsWith("encoder") || entry.name().matches(".*cross.*(key|value).*");
      assertEquals(
          ofSources ? sources : targets,
          found.fitting().count() + found.heldOut().count(),
          entry.name());
      SecondMoments other = of(three, entry.name()).fitting();
      for (int i = 0; i < entry.cols(); i++) {
        for (int j = 0; j < entry.cols(); j++) {
          assertEquals(found.fitting().mean(i, j), other.mean(i, j), entry.name());
        }
      }
    }
  }

  private static float[] floats(BcqFile file, String name) {
    for (MatrixEntry entry : file.directory().matrices()) {
      if (entry.name().equals(name) && entry.storage() instanceof MatrixEntry.Float32 dense) {
        float[] values = new float[entry.rows() * entry.cols()];
        file.block(dense.values()).asFloatBuffer().get(values);
        return values;
      }
    }
    throw new AssertionError(name);
  }

  private static float[] tensor(BcqFile file, String name) {
    return file.directory().tensors().stream()
        .filter(entry -> entry.name().equals(name))
        .map(
            entry -> {
              float[] values = new float[entry.shape().get(0)];
              file.block(entry.values()).asFloatBuffer().get(values);
              return values;
            })
        .findFirst()
        .orElseThrow();
  }
}
