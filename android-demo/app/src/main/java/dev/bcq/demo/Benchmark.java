package dev.bcq.demo;

import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.Cancellation;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model on this device through the public API: the samples that its file has for
 * checking are translated one after another, on one thread. The time of the encoder and the first
 * token is that of a translation of one token; the rest belongs to the decoder. Not for the main
 * thread.
 */
final class Benchmark {
  /** Rounds over all samples that count; one before them does not. */
  static final int ROUNDS = 3;

  private static final int MOST_SAMPLES = 8;
  private static final int[] BEAMS = {1, 4};
  private static final Path STATUS = Paths.get("/proc/self/status");

  private final LoadedModel model;
  private final List<int[]> sources;
  private final BiConsumer<Integer, Integer> progress;
  private final Cancellation cancellation;

  /**
   * What was found for a number of beams; times are milliseconds.
   *
   * @param tokensPerSecond positions over the decoder's time, for each sentence
   * @param firstToken from the source to the first token
   * @param latency from the source to the target
   * @param positions steps of the decoder for each sentence
   */
  record Result(
      int beams,
      Quantiles tokensPerSecond,
      Quantiles firstToken,
      Quantiles latency,
      Quantiles positions) {}

  /**
   * What a run has found.
   *
   * @param facts of the model and its kernels
   * @param sentences translated in each round
   * @param peakBytes most memory that the process ever had, or null where the system does not say
   * @param heapBytes of the Java heap in use
   */
  record Run(
      ModelFacts facts,
      int sentences,
      List<Result> results,
      @Nullable Long peakBytes,
      long heapBytes) {}

  /**
   * Prepares a run.
   *
   * @param progress is told how many rounds are done, and of how many
   */
  Benchmark(LoadedModel model, BiConsumer<Integer, Integer> progress, Cancellation cancellation) {
    this.model = model;
    this.progress = progress;
    this.cancellation = cancellation;
    this.sources =
        model.directory().samples().stream()
            .limit(MOST_SAMPLES)
            .map(Benchmark::ids)
            .collect(Collectors.toList());
  }

  private static int[] ids(GoldenSample sample) {
    return sample.sourceIds().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Measures.
   *
   * @throws java.util.concurrent.CancellationException if it is cancelled
   */
  Run run() {
    Session.requireWorker("measuring");
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < BEAMS.length; i++) {
      results.add(measure(BEAMS[i], i * (ROUNDS + 1)));
    }
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    return new Run(new ModelFacts(model), sources.size(), results, peak(), heap);
  }

  private Result measure(int beams, int done) {
    List<Double> rates = new ArrayList<>();
    List<Double> firsts = new ArrayList<>();
    List<Double> latencies = new ArrayList<>();
    List<Double> positions = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      for (int[] source : sources) {
        long begin = System.nanoTime();
        translate(source, beams, 1);
        long middle = System.nanoTime();
        int steps = translate(source, beams, 2 * source.length + 32);
        long end = System.nanoTime();
        if (round > 0) {
          double first = (middle - begin) / 1e6;
          double latency = (end - middle) / 1e6;
          firsts.add(first);
          latencies.add(latency);
          positions.add((double) steps);
          if (steps > 1 && latency > first) {
            rates.add(1000 * (steps - 1) / (latency - first));
          }
        }
      }
      progress.accept(done + round + 1, BEAMS.length * (ROUNDS + 1));
    }
    return new Result(
        beams,
        Quantiles.of(rates),
        Quantiles.of(firsts),
        Quantiles.of(latencies),
        Quantiles.of(positions));
  }

  private int translate(int[] source, int beams, int most) {
    TranslationOptions options =
        TranslationOptions.of(
            GenerationSettings.builder().beams(beams).nBest(1).maxTokens(most).build());
    BatchOptions batch = BatchOptions.DEFAULT.withCancellation(cancellation);
    Translation translation =
        model.translator().translateAllIds(List.of(source), options, batch).get(0);
    return translation.best().ids().size();
  }

  private static @Nullable Long peak() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
        if (line.startsWith("VmHWM:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // A system that keeps it to itself.
    }
    return null;
  }
}
