package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.Workspace;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.ModelLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A combination at work, and what was measured of it so far. */
final class Subject implements AutoCloseable {
  /** Steps whose matrix products are computed in each round. */
  private static final int PRODUCT_STEPS = 8;

  private final Combination combination;
  private final Kernels kernels;
  private final ThreadTeam team;
  private final Workspace workspace;
  private final List<SearchRequest> requests = new ArrayList<>();
  private final StepProducts products;
  private final @Nullable OpenBlasProducts openBlas;

  private final List<Phases> phases = new ArrayList<>();
  private final List<Double> joules = new ArrayList<>();
  private final List<Double> ownProducts = new ArrayList<>();
  private final List<Double> vectorProducts = new ArrayList<>();
  private final List<Double> matrixProducts = new ArrayList<>();
  private final List<Double> coldStarts = new ArrayList<>();
  private @Nullable ProcessMemory memory;
  private long workingBytes;
  private @Nullable Double bleu;

  Subject(Combination combination, Workload workload, boolean withOpenBlas) {
    this.combination = combination;
    BenchModel model = combination.model();
    this.kernels = KernelRegistry.load().choose(combination.kernels()).create();
    for (int[] source : workload.sources(model.file())) {
      requests.add(
          new SearchRequest(
              0,
              source,
              workload.parameters(model.directory(), source.length, combination.beam())));
    }
    this.team = new ThreadTeam(combination.threads());
    this.workspace =
        new Workspace(ModelLoader.load(model.file(), kernels, combination.arithmetic()), team);
    this.products =
        new StepProducts(model, kernels, combination.arithmetic(), team, combination.beam());
    boolean alone = combination.threads() == 1;
    this.openBlas =
        alone && withOpenBlas && model.isFloat32()
            ? new OpenBlasProducts(model, combination.beam())
            : null;
  }

  Combination combination() {
    return combination;
  }

  /** Runs once and returns the seconds that it took. */
  double warmUp(int round) {
    long begin = System.nanoTime();
    translate(round);
    milliseconds(products::step);
    if (openBlas != null) {
      milliseconds(openBlas::vectors);
      milliseconds(openBlas::matrices);
    }
    return (System.nanoTime() - begin) * 1e-9;
  }

  /** Runs once and keeps what was measured. */
  void measure(int round, EnergyMeter meter) {
    long[] energy = meter.read();
    phases.add(translate(round));
    if (meter.available()) {
      joules.add(meter.joulesSince(energy));
    }
    ownProducts.add(milliseconds(products::step));
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

  void bleu(double found) {
    bleu = found;
  }

  Result result() {
    return new Result(
        combination,
        spread(Phases::decoderTokensPerSecond),
        spread(Phases::encoderTokensPerSecond),
        spread(sentence -> sentence.encoder() * 1e-6),
        spread(sentence -> sentence.firstToken() * 1e-6),
        spread(sentence -> sentence.total() * 1e-6),
        spread(Phases::positions).median(),
        Spread.of(coldStarts, value -> value),
        memory,
        workingBytes,
        Spread.of(joules, value -> value),
        Spread.of(ownProducts, value -> value),
        better(
            Spread.of(vectorProducts, value -> value), Spread.of(matrixProducts, value -> value)),
        bleu);
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

  private Phases translate(int round) {
    SearchRequest request = requests.get(round % requests.size());
    return Phases.of(workspace, request, () -> {});
  }

  @Override
  public void close() {
    team.close();
  }
}
