package dev.bcq.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a metric counts in each sentence of a corpus: enough for the figure of all sentences, of
 * one, and of any sample of them.
 */
public final class CorpusStatistics {
  private final Metric metric;
  private final int sentences;
  private final double[] counters;

  /** Creates the statistics of a corpus whose counters are all 0. */
  CorpusStatistics(Metric metric, int sentences) {
    this.metric = metric;
    this.sentences = sentences;
    this.counters = new double[sentences * metric.counters()];
  }

  void set(int sentence, double[] values) {
    System.arraycopy(values, 0, counters, sentence * metric.counters(), metric.counters());
  }

  /** Returns the number of sentences. */
  public int sentences() {
    return sentences;
  }

  /** Returns the figure of the corpus. */
  public double score() {
    return metric.score(sums());
  }

  /** Returns the figure of one sentence. */
  public double sentenceScore(int sentence) {
    double[] values = new double[metric.counters()];
    add(sentence, values);
    return metric.sentenceScore(values);
  }

  /** Returns the sums of the counters over all sentences: [counters]. */
  double[] sums() {
    return sums(IntStream.range(0, sentences).toArray());
  }

  /**
   * Returns the figure of a sample.
   *
   * @param sample indices of sentences, each as often as it is in the sample
   */
  double score(int[] sample) {
    return metric.score(sums(sample));
  }

  private double[] sums(int[] sample) {
    double[] sums = new double[metric.counters()];
    for (int sentence : sample) {
      add(sentence, sums);
    }
    return sums;
  }

  private void add(int sentence, double[] sums) {
    int at = sentence * sums.length;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += counters[at + i];
    }
  }

  /**
   * Returns the sentences whose figure differs from that of another system, the largest difference
   * first, in either direction; equal ones in their order.
   *
   * @param most how many at most
   */
  public List<Integer> largestChanges(CorpusStatistics other, int most) {
    double[] changes =
        IntStream.range(0, sentences)
            .mapToDouble(i -> Math.abs(sentenceScore(i) - other.sentenceScore(i)))
            .toArray();
    return IntStream.range(0, sentences)
        .filter(i -> changes[i] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -changes[i]))
        .limit(most)
        .toList();
  }
}
