package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;

/**
 * The best continuations of a step, best first; among equals the lowest beam, then the lowest
 * token.
 */
final class Candidates {
  private final Kernels kernels;
  private final float[] totals;
  private final int[] beams;
  private final int[] tokens;
  private int count;

  /** Creates an empty list for the best {@code capacity} continuations. */
  Candidates(Kernels kernels, int capacity) {
    this.kernels = kernels;
    totals = new float[capacity];
    beams = new int[capacity];
    tokens = new int[capacity];
  }

  void clear() {
    count = 0;
  }

  /**
   * Offers all continuations of a beam; beams are offered in order. Impossible ones are left out.
   */
  void offer(int beam, float sum, Activations scores, int column, int vocabulary) {
    int at = scores.at(column);
    int next = kernels.firstAbove(scores, column, 0, vocabulary, sum, least());
    while (next < vocabulary) {
      insert(beam, next, sum + scores.values()[at + next]);
      next = kernels.firstAbove(scores, column, next + 1, vocabulary, sum, least());
    }
  }

  /** Returns what a total must exceed to enter the list. */
  private float least() {
    return count < totals.length ? Float.NEGATIVE_INFINITY : totals[count - 1];
  }

  private void insert(int beam, int token, float total) {
    int at = count < totals.length ? count++ : count - 1;
    while (at > 0 && totals[at - 1] < total) {
      totals[at] = totals[at - 1];
      beams[at] = beams[at - 1];
      tokens[at] = tokens[at - 1];
      at--;
    }
    totals[at] = total;
    beams[at] = beam;
    tokens[at] = token;
  }

  int count() {
    return count;
  }

  float total(int rank) {
    return totals[rank];
  }

  int beam(int rank) {
    return beams[rank];
  }

  int token(int rank) {
    return tokens[rank];
  }
}
