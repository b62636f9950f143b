package dev.bcq.evaluation;

import dev.bcq.runtime.TargetScore;

/** The mean of minus the log-probability of target tokens, end tokens included. */
public final class CrossEntropy {
  private double sum;
  private long tokens;

  /** Adds a scored target. */
  public void add(TargetScore score) {
    for (float logProbability : score.logProbabilities()) {
      sum -= logProbability;
      tokens++;
    }
  }

  /** Returns the number of tokens so far. */
  public long tokens() {
    return tokens;
  }

  /** Returns natural units per token; not a number before the first token. */
  public double perToken() {
    return sum / tokens;
  }
}
