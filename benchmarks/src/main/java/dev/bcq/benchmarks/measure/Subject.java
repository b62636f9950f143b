package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A combination at work, and what was measured of it so far. */
final class Subject {
  /** Steps whose matrix products are computed in each round. */
  private static final int PRODUCT_STEPS = 8;

  private final Combination combination;
  private final Kernels kernels;
  private final Transformer transformer;
  private final List<SearchRequest> requests = new ArrayList<>();
  private final @Nullable StepProducts products;
  private final @Nullable OpenBlasProducts openBlas;

  private final List<Phases> phases = new ArrayList<>();
  private final List<Double> sentencesPerSecond = new ArrayList<>();
  private final List<Double> joules = new ArrayList<>();
  private final List<Double> ownProducts = new ArrayList<>();
  private final List<Double> vectorProducts = new ArrayList<>();
  private final List<Double> matrixProducts = new ArrayList<>();
  private final List<Double> coldStarts = new ArrayList<>();
  private @Nullable ProcessMemory memory;
  private long workingBytes;

  Subject(Combination combination, Workload workload, boolean withOpenBlas) {
    this.combination = combination;
    BenchModel model = combination.model();
    this.kernels = KernelRegistry.load().choose(combination.kernels()).create();
    this.transformer = ModelLoader.load(model.file(), kernels, combination.arithmetic());
    for (int[] source : workload.sources(model.file())) {
      requests.add(
          new SearchRequest(
              0,
              source,
              workload.parameters(model.directory(), source.length, combination.beam())));
    }
    boolean alone = combination.threads() == 1;
    this.products =
        alone
            ? new StepProducts(model, kernels, combination.arithmetic(), combination.beam())
            : null;
    this.openBlas =
        alone && withOpenBlas && model.isFloat32()
            ? new OpenBlasProducts(model, combination.beam())
            : null;
  }

  Combination combination() {
    return combination;
  }

  /** Runs once and returns the seconds that it took. */
  double warmUp(ExecutorService workers, int round) {
    long begin = System.nanoTime();
    translate(workers, round);
    if (products != null) {
      milliseconds(products::step);
    }
    if (openBlas != null) {
      milliseconds(openBlas::vectors);
      milliseconds(openBlas::matrices);
    }
    return (System.nanoTime() - begin) * 1e-9;
  }

  /** Runs once and keeps what was measured. */
  void measure(ExecutorService workers, int round, EnergyMeter meter) {
    long[] energy = meter.read();
    long begin = System.nanoTime();
    List<Phases> sentences = translate(workers, round);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    if (meter.available()) {
      joules.add(meter.joulesSince(energy) / sentences.size());
    }
    phases.addAll(sentences);
    sentencesPerSecond.add(sentences.size() / seconds);
    if (products != null) {
      ownProducts.add(milliseconds(products::step));
    }
    if (openBlas != null) {
      vectorProducts.add(milliseconds(openBlas::vectors));
      matrixProducts.add(milliseconds(openBlas::matrices));
    }
  }

  /** Measures the memory of a translation that has been timed before. */
  void measureWorkingSet() {
    int steps = phases.get(0).positions();
    workingBytes = WorkingSet.bytes(combination, kernels, requests.get(0), steps);
  }

  void memory(ProcessMemory found) {
    memory = found;
  }

  void coldStart(long nanoseconds) {
    coldStarts.add(nanoseconds * 1e-6);
  }

  Result result() {
    return new Result(
        combination,
        spread(Phases::decoderTokensPerSecond),
        spread(Phases::encoderTokensPerSecond),
        spread(sentence -> sentence.encoder() * 1e-6),
        spread(sentence -> sentence.firstToken() * 1e-6),
        spread(sentence -> sentence.total() * 1e-6),
        Objects.requireNonNull(Spread.of(sentencesPerSecond, value -> value)),
        spread(Phases::positions).median(),
        Spread.of(coldStarts, value -> value),
        memory,
        workingBytes,
        Spread.of(joules, value -> value),
        Spread.of(ownProducts, value -> value),
        better(
            Spread.of(vectorProducts, value -> value), Spread.of(matrixProducts, value -> value)));
  }

  private Spread spread(ToDoubleFunction<Phases> property) {
    return Objects.requireNonNull(Spread.of(phases, property));
  }

  private static @Nullable Spread better(@Nullable Spread one, @Nullable Spread other) {
    return one == null || other == null || one.median() < other.median() ? one : other;
  }

  /** Returns the milliseconds of the products of {@link Result#PRODUCT_POSITIONS} steps. */
  private static double milliseconds(Runnable step) {
    long begin = System.nanoTime();
    for (int i = 0; i < PRODUCT_STEPS; i++) {
      step.run();
    }
    return (System.nanoTime() - begin) * 1e-6 * Result.PRODUCT_POSITIONS / PRODUCT_STEPS;
  }

  /** Translates on each thread one sentence, all at the same time. */
  private List<Phases> translate(ExecutorService workers, int round) {
    int threads = combination.threads();
    if (threads == 1) {
      return List.of(Phases.of(transformer, request(round), () -> {}));
    }
    List<Callable<Phases>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      SearchRequest request = request(round * threads + i);
      tasks.add(() -> Phases.of(transformer, request, () -> {}));
    }
    try {
      List<Phases> sentences = new ArrayList<>();
      for (Future<Phases> future : workers.invokeAll(tasks)) {
        sentences.add(future.get());
      }
      return sentences;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private SearchRequest request(int number) {
    return requests.get(number % requests.size());
  }
}
