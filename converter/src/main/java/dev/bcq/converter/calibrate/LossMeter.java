package dev.bcq.converter.calibrate;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.decoding.TeacherForcing;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Matrix;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures what a model with other matrices loses on given sentences, of which the float model has
 * said what it expects at each token of the target.
 *
 * <p>Beside the cross-entropy, which moves by chance in both directions, this is the divergence
 * from the float model: the mean over the tokens of {@code sum p log(p / q)}, p its probabilities
 * and q those of the other. It is never negative and hardly moves by chance, so that the effect of
 * a single matrix shows on a hundred sentences.
 */
public final class LossMeter {
  /** Tokens less probable than that are taken together. */
  private static final float RARE = (float) Math.log(1e-6);

  /** Sentences that are decoded together. */
  private static final int TOGETHER = 32;

  private final BcqFile file;
  private final Kernels kernels;
  private final Workers workers;
  private final List<List<CalibrationSample>> batches = new ArrayList<>();
  private final List<Expectation[]> expected = new ArrayList<>();
  private final double floatCrossEntropy;

  /** What the float model expects at one token: probabilities of the target and the likely ones. */
  private record Expectation(float ofTarget, int[] tokens, float[] logProbabilities) {}

  /**
   * What was measured.
   *
   * @param divergence from the float model, in natural units per token
   * @param crossEntropy of the targets, in natural units per token
   */
  public record Loss(double divergence, double crossEntropy) {}

  LossMeter(BcqFile file, List<CalibrationSample> samples, Workers workers) {
    this.file = file;
    this.kernels = KernelRegistry.load().choose(KernelRegistry.AUTO).create();
    this.workers = workers;
    for (int from = 0; from < samples.size(); from += TOGETHER) {
      batches.add(samples.subList(from, Math.min(from + TOGETHER, samples.size())));
    }
    Transformer floats = ModelLoader.load(file, kernels, Arithmetic.EXACT);
    List<Expectation[][]> seen = workers.map(batches, batch -> expectations(floats, batch));
    for (int i = 0; i < batches.size(); i++) {
      expected.add(Arrays.stream(seen.get(i)).flatMap(Arrays::stream).toArray(Expectation[]::new));
    }
    this.floatCrossEntropy =
        -expected.stream()
            .flatMap(Arrays::stream)
            .mapToDouble(Expectation::ofTarget)
            .average()
            .orElse(0);
  }

  /** Returns the cross-entropy of the float model. */
  public double floatCrossEntropy() {
    return floatCrossEntropy;
  }

  private void run(
      Transformer model, List<CalibrationSample> batch, TeacherForcing.Listener listener) {
    List<EncodedSource> sources =
        model
            .encoder(ThreadTeam.SINGLE, new SpareArrays())
            .encode(batch.stream().map(CalibrationSample::source).toList(), () -> {});
    List<int[]> targets = batch.stream().map(CalibrationSample::target).toList();
    TeacherForcing.run(model, sources, batch.get(0).startToken(), targets, listener);
  }

  private Expectation[][] expectations(Transformer floats, List<CalibrationSample> batch) {
    Expectation[][] found =
        batch.stream().map(s -> new Expectation[s.target().length]).toArray(Expectation[][]::new);
    int vocabulary = floats.config().targetVocabulary();
    run(
        floats,
        batch,
        (sentence, position, values, column) -> {
          float[] all = values.values();
          int at = values.at(column);
          int token = batch.get(sentence).target()[position];
          int[] likely = IntStream.range(0, vocabulary).filter(id -> all[at + id] > RARE).toArray();
          float[] logProbabilities = new float[likely.length];
          for (int i = 0; i < likely.length; i++) {
            logProbabilities[i] = all[at + likely[i]];
          }
          found[sentence][position] = new Expectation(all[at + token], likely, logProbabilities);
        });
    return found;
  }

  /**
   * Measures the float model with other matrices in place of some of its own. Callers take turns.
   *
   * @param replaced by canonical names
   */
  public Loss measure(Map<String, Matrix> replaced) {
    Transformer model = ModelLoader.load(file, replaced, kernels, Arithmetic.EXACT);
    List<double[]> sums =
        workers.map(
            IntStream.range(0, batches.size()).boxed().toList(),
            i -> sums(model, batches.get(i), expected.get(i)));
    double divergence = 0;
    double logProbability = 0;
    long tokens = 0;
    for (double[] sum : sums) {
      divergence += sum[0];
      logProbability += sum[1];
      tokens += (long) sum[2];
    }
    return new Loss(divergence / Math.max(1, tokens), -logProbability / Math.max(1, tokens));
  }

  private double[] sums(
      Transformer model, List<CalibrationSample> batch, Expectation[] expectations) {
    int[] first = new int[batch.size() + 1];
    for (int i = 0; i < batch.size(); i++) {
      first[i + 1] = first[i] + batch.get(i).target().length;
    }
    double[] sums = new double[3];
    run(
        model,
        batch,
        (sentence, position, values, column) -> {
          sums[0] += divergence(expectations[first[sentence] + position], values, column);
          int token = batch.get(sentence).target()[position];
          sums[1] += values.values()[values.at(column) + token];
          sums[2]++;
        });
    return sums;
  }

  private static double divergence(Expectation expectation, Activations values, int column) {
    int at = values.at(column);
    double sum = 0;
    double restOfFloats = 1;
    double rest = 1;
    for (int i = 0; i < expectation.tokens().length; i++) {
      float p = expectation.logProbabilities()[i];
      float q = values.values()[at + expectation.tokens()[i]];
      double probability = Math.exp(p);
      sum += probability * (p - q);
      restOfFloats -= probability;
      rest -= Math.exp(q);
    }
    boolean both = restOfFloats > 1e-7 && rest > 1e-7;
    return both ? sum + restOfFloats * Math.log(restOfFloats / rest) : sum;
  }
}
