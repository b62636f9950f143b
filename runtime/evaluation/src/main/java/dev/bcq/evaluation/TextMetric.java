package dev.bcq.evaluation;

import java.util.List;

/**
 * A figure that compares translations with one reference each, as sacreBLEU computes it: 0 to 100.
 */
public interface TextMetric extends Metric {
  /** The version of sacreBLEU whose figures these equal. */
  String SACREBLEU_VERSION = "2.6.0";

  /** Returns what the figure is called. */
  String name();

  /** Returns the signature that sacreBLEU prints: everything that the figure depends on. */
  String signature();

  /** Returns the counters of a sentence: [counters]. */
  double[] count(String hypothesis, String reference);

  /**
   * Returns the counters of all sentences.
   *
   * @throws IllegalArgumentException if the numbers of lines differ
   */
  default CorpusStatistics statistics(List<String> hypotheses, List<String> references) {
    if (hypotheses.size() != references.size()) {
      throw new IllegalArgumentException(
          hypotheses.size() + " hypotheses for " + references.size() + " references");
    }
    CorpusStatistics statistics = new CorpusStatistics(this, hypotheses.size());
    for (int i = 0; i < hypotheses.size(); i++) {
      statistics.set(i, count(hypotheses.get(i), references.get(i)));
    }
    return statistics;
  }
}
