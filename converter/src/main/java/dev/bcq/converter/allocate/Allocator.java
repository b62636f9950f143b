package dev.bcq.converter.allocate;

import dev.bcq.console.Progress;
import dev.bcq.converter.calibrate.LossMeter;
import dev.bcq.converter.calibrate.LossMeter.Loss;
import dev.bcq.converter.calibrate.RunnableMatrix;
import dev.bcq.converter.calibrate.TokenUse;
import dev.bcq.converter.calibrate.Workers;
import dev.bcq.converter.quantize.Candidate.Solver;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.tensor.Matrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Divides bits among the matrices of a model.
 *
 * <p>Each matrix's loss alone is known ({@link LossTable}); a knapsack divides by their sum.
 * Matrices that are quantized together lose more than the sum, and not all by the same factor: so
 * each is given one plane more within the quantized model, its losses are corrected by what that
 * has gained, and the bits are divided anew as long as the whole loses less.
 */
public final class Allocator {
  /** Sizes beside the chosen one, as parts of its matrices' bytes. */
  private static final double[] NEIGHBOURS = {1.3, 1.15, 1.07, 0.93, 0.85, 0.75};

  private static final int ROUNDS = 2;

  /** Most that one round corrects losses by. */
  private static final double LARGEST_CORRECTION = 4;

  /** Measurements of a search for a loss. */
  private static final int SEARCHES = 6;

  private final List<QuantizableMatrix> matrices;
  private final QuantizationOptions options;
  private final long otherBytes;
  private final TokenUse use;
  private final @Nullable LossMeter meter;
  private final Workers workers;
  private final Divisions divisions;

  /** Matrices without a division of rows that were quantized, by name and number of planes. */
  private final Map<String, Matrix> quantized = new HashMap<>();

  /**
   * Prepares.
   *
   * @param matrices those that get bits
   * @param otherBytes bytes of the file beside them
   * @param use how often tokens are used
   * @param meter what measures losses, or null if there are no sentences
   */
  public Allocator(
      List<QuantizableMatrix> matrices,
      QuantizationOptions options,
      long otherBytes,
      TokenUse use,
      @Nullable LossMeter meter,
      Workers workers) {
    this.matrices = List.copyOf(matrices);
    this.options = options;
    this.otherBytes = otherBytes;
    this.use = use;
    this.meter = meter;
    this.workers = workers;
    this.divisions = new Divisions(this.matrices, options);
  }

  /** A plan, the items it was made of and what it loses. */
  private record Outcome(
      List<Item> items, Map<String, RowDivision> plan, double predicted, @Nullable Loss loss) {
    double divergence() {
      return Objects.requireNonNull(loss).divergence();
    }
  }

  /**
   * Divides the bits.
   *
   * @throws QuantizationException if the goal cannot be reached
   */
  public Allocation allocate(Goal goal) {
    LossTable table = new LossTable(matrices, options, workers);
    List<Item> alone = meter == null ? table.assumed(use) : table.measured(use, meter);
    long budget = budget(goal, alone);
    Outcome refined = meter == null ? outcome(alone, budget) : refine(alone, budget);
    Outcome chosen =
        goal instanceof Goal.MostLoss most ? search(refined.items(), most.loss()) : refined;
    return new Allocation(
        new Plan(options.groupSize(), options.offset(), chosen.plan()),
        LossTable.losses(alone),
        Divisions.lossesOfMatrices(alone, chosen.plan()),
        sizes(chosen),
        meter == null ? null : meter.floatCrossEntropy());
  }

  private long budget(Goal goal, List<Item> items) {
    long budget =
        switch (goal) {
          case Goal.FileBytes most -> most.bytes() - otherBytes;
          case Goal.BitsPerWeight most -> (long) (most.bits() * weights() / Byte.SIZE);
          case Goal.MostLoss most -> divisions.bytes(least(items, most.loss()));
        };
    long fewest = divisions.bytes(divisions.best(items, 0));
    if (budget < fewest) {
      throw new QuantizationException(
          String.format(
              Locale.ROOT,
              "with one plane for each matrix, the file has %,d bytes, %.2f bits per weight; expected %s",
              fewest + otherBytes,
              bits(fewest),
              goal instanceof Goal.FileBytes ? "a larger --target-size" : "more --target-bits"));
    }
    return budget;
  }

  /** Returns the smallest plan whose predicted losses are within a bound. */
  private Map<String, RowDivision> least(List<Item> items, double bound) {
    long low = 0;
    long high = weights() * BitPlaneLayout.MAX_PLANES / Byte.SIZE * 2;
    while (high - low > Math.max(1, weights() / 1000)) {
      long middle = (low + high) / 2;
      if (Divisions.losses(items, divisions.best(items, middle)) <= bound) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return divisions.best(items, high);
  }

  private Outcome outcome(List<Item> items, long budget) {
    return outcome(items, divisions.best(items, budget));
  }

  private Outcome outcome(List<Item> items, Map<String, RowDivision> plan) {
    return new Outcome(items, plan, Divisions.losses(items, plan), measure(plan));
  }

  /** Returns the smallest plan that was found to lose no more than a bound. */
  private Outcome search(List<Item> items, double bound) {
    if (meter == null) {
      return outcome(items, least(items, bound));
    }
    Outcome best = null;
    double predicted = bound;
    for (int i = 0; i < SEARCHES; i++) {
      Outcome next = outcome(items, least(items, predicted));
      boolean smaller = best == null || divisions.bytes(next.plan()) < divisions.bytes(best.plan());
      if (next.divergence() <= bound && smaller) {
        best = next;
      }
      if (next.divergence() <= bound && next.divergence() > 0.98 * bound) {
        break;
      }
      // Slightly below, so that the search ends on the right side of the bound.
      predicted = next.predicted() * 0.99 * bound / Math.max(next.divergence(), 1e-9);
    }
    if (best == null) {
      throw new QuantizationException(
          "no division was found that loses %s or less; expected a larger --max-loss"
              .formatted(bound));
    }
    return best;
  }

  /** Corrects the losses of matrices by what they lose within the quantized model. */
  private Outcome refine(List<Item> alone, long budget) {
    Outcome best = outcome(alone, budget);
    for (int round = 0; round < ROUNDS; round++) {
      Outcome next = outcome(corrected(best), budget);
      if (next.divergence() >= best.divergence()) {
        return best;
      }
      best = next;
    }
    return best;
  }

  private List<Item> corrected(Outcome within) {
    Map<String, RowDivision> richer = new LinkedHashMap<>(within.plan());
    richer.replaceAll((name, division) -> division.withOneMore());
    Map<String, Matrix> all = quantize(within.plan());
    Map<String, Matrix> allRicher = quantize(richer);
    Map<String, Double> corrections = new HashMap<>();
    try (Progress progress = Progress.of("verifying", matrices.size(), " matrices", 1)) {
      for (QuantizableMatrix matrix : matrices) {
        String name = matrix.name();
        Map<String, RowDivision> plan = new LinkedHashMap<>(within.plan());
        plan.put(name, Objects.requireNonNull(richer.get(name)));
        Map<String, Matrix> replaced = new HashMap<>(all);
        replaced.put(name, Objects.requireNonNull(allRicher.get(name)));
        double expected = within.predicted() - Divisions.losses(within.items(), plan);
        double gained =
            within.divergence() - Objects.requireNonNull(meter).measure(replaced).divergence();
        double factor = expected > 0 ? gained / expected : 1;
        corrections.put(name, Math.clamp(factor, 1 / LARGEST_CORRECTION, LARGEST_CORRECTION));
        progress.add(1);
      }
    }
    return within.items().stream()
        .map(item -> item.times(Objects.requireNonNull(corrections.get(item.matrix()))))
        .toList();
  }

  private @Nullable Loss measure(Map<String, RowDivision> plan) {
    return meter == null ? null : meter.measure(quantize(plan));
  }

  private Map<String, Matrix> quantize(Map<String, RowDivision> plan) {
    List<Matrix> found =
        workers.map(
            matrices, matrix -> quantize(matrix, Objects.requireNonNull(plan.get(matrix.name()))));
    Map<String, Matrix> byName = new HashMap<>();
    for (int i = 0; i < matrices.size(); i++) {
      byName.put(matrices.get(i).name(), found.get(i));
    }
    return byName;
  }

  private Matrix quantize(QuantizableMatrix matrix, RowDivision division) {
    String key = matrix.name() + ' ' + division.parts().get(0).planes();
    synchronized (quantized) {
      Matrix known = division.order() == null ? quantized.get(key) : null;
      if (known != null) {
        return known;
      }
    }
    Matrix found =
        RunnableMatrix.of(matrix.encode(division, options, Solver.FEEDBACK), matrix.cols());
    if (division.order() == null) {
      synchronized (quantized) {
        quantized.put(key, found);
      }
    }
    return found;
  }

  /** Returns the chosen size and its neighbours, each of a plan of its own. */
  private List<SizeChoice> sizes(Outcome chosen) {
    List<SizeChoice> sizes = new ArrayList<>();
    sizes.add(choice(chosen, true));
    List<Map<String, RowDivision>> plans = new ArrayList<>();
    plans.add(chosen.plan());
    long bytes = divisions.bytes(chosen.plan());
    try (Progress progress = Progress.of("trying sizes", NEIGHBOURS.length, " sizes", 1)) {
      for (double part : NEIGHBOURS) {
        Map<String, RowDivision> plan = divisions.best(chosen.items(), Math.round(part * bytes));
        if (plans.stream().noneMatch(known -> Divisions.same(known, plan))) {
          plans.add(plan);
          sizes.add(choice(outcome(chosen.items(), plan), false));
        }
        progress.add(1);
      }
    }
    sizes.sort(Comparator.comparingLong(SizeChoice::fileBytes).reversed());
    return List.copyOf(sizes);
  }

  private SizeChoice choice(Outcome outcome, boolean chosen) {
    long bytes = divisions.bytes(outcome.plan());
    return new SizeChoice(
        bytes + otherBytes, bits(bytes), outcome.predicted(), outcome.loss(), chosen);
  }

  private long weights() {
    return matrices.stream().mapToLong(QuantizableMatrix::count).sum();
  }

  private double bits(long bytes) {
    return (double) Byte.SIZE * bytes / weights();
  }
}
