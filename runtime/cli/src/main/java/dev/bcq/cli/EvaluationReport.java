package dev.bcq.cli;

import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.evaluation.PairedBootstrap;
import dev.bcq.evaluation.PairedBootstrap.Distribution;
import dev.bcq.evaluation.TextMetric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of all systems, on the same sentences.
 *
 * @param test the sentences
 * @param bleu how BLEU was computed
 * @param chrf how chrF was computed
 * @param bootstrap how figures were resampled, or null if they were not
 * @param systems the baseline first
 * @param changes how many of the sentences that changed most are shown
 */
record EvaluationReport(
    TestSet test,
    TextMetric bleu,
    TextMetric chrf,
    @Nullable PairedBootstrap bootstrap,
    List<SystemResult> systems,
    int changes) {

  /** A figure that systems are compared by. */
  enum Kind {
    BLEU(2),
    CHRF(2),
    CROSS_ENTROPY(4);

    private final int decimals;

    Kind(int decimals) {
      this.decimals = decimals;
    }

    /** Returns a system's figure, or null if it has none or it is not a number. */
    @Nullable Figure of(SystemResult system) {
      Figure figure =
          switch (this) {
            case BLEU -> system.bleu();
            case CHRF -> system.chrf();
            case CROSS_ENTROPY -> system.crossEntropy();
          };
      return figure == null || Double.isNaN(figure.score()) ? null : figure;
    }

    /** Returns how many decimals are worth reading. */
    int decimals() {
      return decimals;
    }
  }

  /**
   * A system against the baseline.
   *
   * @param difference the system's figure minus the baseline's
   * @param pValue how probable so large a difference were between equals; null without resamples or
   *     difference
   */
  record Comparison(double difference, @Nullable Double pValue) {
    private static final double SIGNIFICANT = 0.05;

    boolean isSignificant() {
      return pValue != null && pValue < SIGNIFICANT;
    }
  }

  SystemResult baseline() {
    return systems.get(0);
  }

  /** Returns the systems that are compared with the baseline. */
  List<SystemResult> others() {
    return systems.subList(1, systems.size());
  }

  /** Returns what a kind of figure is called. */
  String title(Kind kind) {
    return switch (kind) {
      case BLEU -> bleu.name();
      case CHRF -> chrf.name();
      case CROSS_ENTROPY -> "cross-entropy";
    };
  }

  /** Returns whether a system has a figure. */
  boolean has(Kind kind) {
    return systems.stream().anyMatch(system -> kind.of(system) != null);
  }

  /** Returns a system's figure against the baseline's, or null if they cannot be compared. */
  @Nullable Comparison comparison(Kind kind, SystemResult system) {
    Figure found = kind.of(system);
    Figure base = kind.of(baseline());
    if (found == null
        || base == null
        || (kind == Kind.CROSS_ENTROPY && !system.hasTokensOf(baseline()))) {
      return null;
    }
    double difference = found.score() - base.score();
    Distribution one = found.distribution();
    Distribution other = base.distribution();
    // The formula gives systems without a difference the smallest p of all.
    return new Comparison(
        difference, difference == 0 || one == null || other == null ? null : one.pValue(other));
  }

  /** Returns the kind by which sentences are found that changed most, or null if none applies. */
  @Nullable Kind changeKind(SystemResult system) {
    if (comparison(Kind.CHRF, system) != null) {
      return Kind.CHRF;
    }
    return comparison(Kind.CROSS_ENTROPY, system) != null ? Kind.CROSS_ENTROPY : null;
  }

  /** Returns indices of the sentences that changed most from the baseline to a system. */
  List<Integer> changes(SystemResult system) {
    Kind kind = changeKind(system);
    Figure found = kind == null ? null : kind.of(system);
    Figure base = kind == null ? null : kind.of(baseline());
    return found == null || base == null
        ? List.of()
        : found.statistics().largestChanges(base.statistics(), changes);
  }

  /** Returns whether a model's cross-entropy is that of other tokens than the baseline's. */
  boolean hasForeignTokens() {
    return baseline().scores() != null
        && others().stream()
            .anyMatch(system -> system.scores() != null && !system.hasTokensOf(baseline()));
  }
}
