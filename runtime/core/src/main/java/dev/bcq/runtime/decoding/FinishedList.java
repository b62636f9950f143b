package dev.bcq.runtime.decoding;

import java.util.ArrayList;
import java.util.List;

/**
 * The best finished hypotheses of a beam search, best first; among equals the first come. Memory of
 * those that fall out is used again.
 */
final class FinishedList {
  private final int[][] ids;
  private final int[] lengths;
  private final float[] scores;
  private int count;

  FinishedList(int capacity) {
    ids = new int[capacity][0];
    lengths = new int[capacity];
    scores = new float[capacity];
  }

  boolean full() {
    return count == scores.length;
  }

  /** Returns the score of the last one. */
  float worst() {
    return scores[count - 1];
  }

  /**
   * Adds a hypothesis, if it is good enough.
   *
   * @param sequence the start token and those that follow
   * @param length tokens of the sequence
   * @param lastToken the token behind them
   */
  void add(float score, int[] sequence, int length, int lastToken) {
    if (full() && score <= worst()) {
      return;
    }
    int at = full() ? count - 1 : count++;
    int[] own = ids[at].length < length ? new int[sequence.length] : ids[at];
    System.arraycopy(sequence, 1, own, 0, length - 1);
    own[length - 1] = lastToken;
    while (at > 0 && scores[at - 1] < score) {
      ids[at] = ids[at - 1];
      lengths[at] = lengths[at - 1];
      scores[at] = scores[at - 1];
      at--;
    }
    ids[at] = own;
    lengths[at] = length;
    scores[at] = score;
  }

  List<Hypothesis> best(int most) {
    List<Hypothesis> best = new ArrayList<>();
    for (int i = 0; i < Math.min(most, count); i++) {
      List<Integer> tokens = new ArrayList<>(lengths[i]);
      for (int token = 0; token < lengths[i]; token++) {
        tokens.add(ids[i][token]);
      }
      best.add(new Hypothesis(List.copyOf(tokens), scores[i]));
    }
    return List.copyOf(best);
  }
}
