package dev.bcq.evaluation;

import dev.bcq.runtime.TargetScore;
import java.util.List;

/**
 * The mean of minus the log-probability of target tokens, end tokens included, in natural units;
 * not a number if there is no token. Models can be compared by it if their target tokens are the
 * same.
 */
public final class CrossEntropy implements Metric {
  private static final CrossEntropy METRIC = new CrossEntropy();

  // Where a sentence's counters are.
  private static final int SUM = 0;
  private static final int TOKENS = 1;

  private CrossEntropy() {}

  /** Returns the statistics of scored targets. */
  public static CorpusStatistics statistics(List<TargetScore> scores) {
    CorpusStatistics statistics = new CorpusStatistics(METRIC, scores.size());
    for (int i = 0; i < scores.size(); i++) {
      double[] counters = new double[METRIC.counters()];
      for (float logProbability : scores.get(i).logProbabilities()) {
        counters[SUM] -= logProbability;
        counters[TOKENS]++;
      }
      statistics.set(i, counters);
    }
    return statistics;
  }

  /**
   * Returns the perplexity: among how many equally probable tokens the model would be as uncertain.
   *
   * @param crossEntropy in natural units per token
   */
  public static double perplexity(double crossEntropy) {
    return Math.exp(crossEntropy);
  }

  @Override
  public int counters() {
    return TOKENS + 1;
  }

  @Override
  public double score(double[] sums) {
    return sums[SUM] / sums[TOKENS];
  }
}
