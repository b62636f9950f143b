package dev.bcq.evaluation;

import java.util.Arrays;
import java.util.Random;

/**
 * Paired bootstrap resampling (Koehn 2004) as sacreBLEU does it: how far a figure would move on
 * other sentences like these, and whether two systems differ by more than that.
 *
 * <p>Every system and metric is resampled alike, which makes them pairs. The generator is {@link
 * Random}, the same on every Java, and not numpy's: means, intervals and p-values are equal to
 * sacreBLEU's within the noise of the resampling, not to the last digit.
 *
 * @param resamples how many corpora are drawn, each as large as the original, with replacement
 * @param seed of the generator
 */
public record PairedBootstrap(int resamples, long seed) {
  /** What sacreBLEU does without options. */
  public static final PairedBootstrap DEFAULT = new PairedBootstrap(1000, 12345);

  /** Of both ends together, 1/20 is outside of an interval. */
  private static final int PART_BELOW = 40;

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if there is no resample
   */
  public PairedBootstrap {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples is " + resamples + "; expected 1 or more");
    }
  }

  /** Returns the figures of the resamples. */
  public Distribution resample(CorpusStatistics statistics) {
    Random random = new Random(seed);
    int[] sample = new int[statistics.sentences()];
    double[] scores = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      for (int j = 0; j < sample.length; j++) {
        sample[j] = random.nextInt(sample.length);
      }
      scores[i] = statistics.score(sample);
    }
    return new Distribution(statistics.score(), scores);
  }

  /** A figure, and what it is on the resamples. */
  public static final class Distribution {
    private final double score;
    private final double[] resampled;
    private final double mean;
    private final double halfWidth;

    private Distribution(double score, double[] resampled) {
      this.score = score;
      this.resampled = resampled;
      this.mean = mean(resampled);
      double[] sorted = resampled.clone();
      Arrays.sort(sorted);
      int below = sorted.length / PART_BELOW;
      this.halfWidth = 0.5 * (sorted[sorted.length - below - 1] - sorted[below]);
    }

    /** Returns the figure of the corpus itself. */
    public double score() {
      return score;
    }

    /** Returns the mean of the resamples' figures. */
    public double mean() {
      return mean;
    }

    /** Returns half the width of the interval that holds 95 % of the resamples' figures. */
    public double halfWidth() {
      return halfWidth;
    }

    /**
     * Returns how probable a difference of this size, in either direction, would be if there were
     * none between the systems.
     *
     * @return above 0, at most 1: (1 + resamples whose absolute difference exceeds the mean of
     *     those by more than the corpus's) / (1 + resamples)
     * @throws IllegalArgumentException if the other has another number of resamples
     */
    public double pValue(Distribution baseline) {
      if (baseline.resampled.length != resampled.length) {
        throw new IllegalArgumentException(
            resampled.length + " resamples for " + baseline.resampled.length);
      }
      double[] differences = new double[resampled.length];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = Math.abs(resampled[i] - baseline.resampled[i]);
      }
      double expected = mean(differences);
      double found = Math.abs(score - baseline.score);
      long larger = Arrays.stream(differences).filter(d -> d - expected > found).count();
      return (larger + 1.0) / (differences.length + 1.0);
    }

    private static double mean(double[] values) {
      return Arrays.stream(values).sum() / values.length;
    }
  }
}
