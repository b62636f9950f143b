package dev.bcq.converter.calibrate;

import dev.bcq.console.Progress;
import dev.bcq.converter.quantize.InputMoments;
import dev.bcq.converter.quantize.SecondMoments;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Runs a float model on sentences and adds up the moments of its matrices' inputs.
 *
 * <p>Sentences are run side by side, some hundreds of tokens at a time, and added in their order;
 * so neither does the number of threads change the sums, nor the length of the text the memory.
 * Every tenth sentence is held out: it is added to moments of its own.
 */
final class CalibrationRun {
  /** Fewest sentences: one must be held out. */
  static final int FEWEST_SENTENCES = 10;

  /** Source tokens that are run before what was seen is added. */
  private static final int TOKENS_TOGETHER = 512;

  private final MatrixInputs inputs;
  private final Workers workers;
  private final Queue<Observer> observers = new ConcurrentLinkedQueue<>();
  private final InputMoments[] moments;
  private double logProbability;
  private long targetTokens;

  CalibrationRun(BcqFile file, Workers workers) {
    this.inputs = new MatrixInputs(file);
    this.workers = workers;
    this.moments = new InputMoments[inputs.count()];
    for (MatrixEntry entry : file.directory().matrices()) {
      Integer input = inputs.ofMatrices().get(entry.name());
      if (input != null && moments[input] == null) {
        moments[input] =
            new InputMoments(new SecondMoments(entry.cols()), new SecondMoments(entry.cols()), 0);
      }
    }
    Kernels kernels = KernelRegistry.load().choose(KernelRegistry.AUTO).create();
    for (int i = 0; i < workers.count(); i++) {
      observers.add(new Observer(file, kernels, inputs));
    }
  }

  /** Runs all sentences. */
  void run(List<CalibrationSample> samples) {
    try (Progress progress = Progress.of("calibrating", samples.size(), " sentences", 1)) {
      for (int from = 0; from < samples.size(); ) {
        int to = end(samples, from);
        add(workers.map(samples.subList(from, to), this::observe), from);
        progress.add(to - from);
        from = to;
      }
    }
  }

  private static int end(List<CalibrationSample> samples, int from) {
    int to = from;
    for (int tokens = 0; to < samples.size() && tokens < TOKENS_TOGETHER; to++) {
      tokens += samples.get(to).source().length;
    }
    return to;
  }

  private Observation observe(CalibrationSample sample) {
    Observer observer = observers.remove();
    try {
      return observer.observe(sample);
    } finally {
      observers.add(observer);
    }
  }

  private void add(List<Observation> observations, int first) {
    workers.map(
        IntStream.range(0, moments.length).boxed().toList(),
        number -> {
          add(observations, first, number, true);
          add(observations, first, number, false);
          return true;
        });
    for (Observation seen : observations) {
      logProbability += seen.logProbability();
      targetTokens += seen.targetTokens();
    }
  }

  /** Adds an input in all sentences that are held out, or in all others. */
  private void add(List<Observation> observations, int first, int input, boolean heldOut) {
    InputMoments of = moments[input];
    SecondMoments sum = heldOut ? of.heldOut() : of.fitting();
    int tokens = 0;
    for (int i = 0; i < observations.size(); i++) {
      tokens += isHeldOut(first + i) == heldOut ? observations.get(i).tokens(input) : 0;
    }
    float[] values = new float[tokens * sum.cols()];
    int at = 0;
    for (int i = 0; i < observations.size(); i++) {
      if (isHeldOut(first + i) == heldOut) {
        Observation seen = observations.get(i);
        int length = seen.tokens(input) * sum.cols();
        System.arraycopy(seen.values(input), 0, values, at, length);
        at += length;
      }
    }
    sum.add(values, tokens);
  }

  static boolean isHeldOut(int sentence) {
    return sentence % FEWEST_SENTENCES == FEWEST_SENTENCES - 1;
  }

  /** Returns the moments of each matrix that was multiplied, by canonical names. */
  Map<String, InputMoments> moments() {
    Map<String, InputMoments> result = new LinkedHashMap<>();
    inputs
        .ofMatrices()
        .forEach(
            (name, input) -> {
              InputMoments found = Objects.requireNonNull(moments[input]);
              if (found.fitting().count() > 0 && found.heldOut().count() > 0) {
                result.put(name, found);
              }
            });
    return result;
  }

  /** Returns minus the mean log-probability of the target tokens. */
  double crossEntropy() {
    return -logProbability / targetTokens;
  }
}
