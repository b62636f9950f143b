package dev.bcq.cli;

import dev.bcq.evaluation.CorpusStatistics;
import dev.bcq.evaluation.PairedBootstrap.Distribution;
import dev.bcq.runtime.TargetScore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a system. What does not apply to it is null: a text has no bytes and no
 * log-probabilities, a model that did not translate no hypotheses.
 *
 * @param name what tables call it
 * @param origin how the model's bits were given, which plots group models by
 * @param bytes of the model file
 * @param bitsPerWeight of its matrices, scales included
 * @param hypotheses its translations
 * @param scores how probable the references are to it
 * @param bleu of the hypotheses
 * @param chrf of the hypotheses
 * @param crossEntropy of the references
 */
record SystemResult(
    String name,
    @Nullable String origin,
    @Nullable Long bytes,
    @Nullable Double bitsPerWeight,
    @Nullable List<String> hypotheses,
    @Nullable List<TargetScore> scores,
    @Nullable Figure bleu,
    @Nullable Figure chrf,
    @Nullable Figure crossEntropy) {

  /**
   * A figure of a system.
   *
   * @param statistics what it is computed from
   * @param distribution what it is on resamples, or null if there are none
   */
  record Figure(CorpusStatistics statistics, @Nullable Distribution distribution) {

    double score() {
      return statistics.score();
    }
  }

  /** Returns the tokens that were scored. */
  long targetTokens() {
    return scores == null
        ? 0
        : scores.stream().mapToLong(score -> score.logProbabilities().size()).sum();
  }

  /** Returns whether the log-probabilities of both are those of the same tokens. */
  boolean hasTokensOf(SystemResult other) {
    if (scores == null || other.scores == null) {
      return false;
    }
    for (int i = 0; i < scores.size(); i++) {
      if (!scores.get(i).targetIds().equals(other.scores.get(i).targetIds())) {
        return false;
      }
    }
    return true;
  }
}
