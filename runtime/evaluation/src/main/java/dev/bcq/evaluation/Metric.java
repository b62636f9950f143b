package dev.bcq.evaluation;

/** A figure of a corpus that follows from sums over its sentences. */
public interface Metric {

  /** Returns how many counters a sentence has. */
  int counters();

  /**
   * Returns the figure of a corpus.
   *
   * @param sums of each counter over the sentences: [counters]
   */
  double score(double[] sums);

  /**
   * Returns the figure of one sentence.
   *
   * @param counters of the sentence: [counters]
   */
  default double sentenceScore(double[] counters) {
    return score(counters);
  }
}
