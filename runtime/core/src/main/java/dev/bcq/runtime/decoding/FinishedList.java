package dev.bcq.runtime.decoding;

import java.util.ArrayList;
import java.util.List;

/** The best finished hypotheses of a beam search, best first; among equals the first come. */
final class FinishedList {
  private final int capacity;
  private final List<Hypothesis> hypotheses = new ArrayList<>();

  FinishedList(int capacity) {
    this.capacity = capacity;
  }

  boolean full() {
    return hypotheses.size() == capacity;
  }

  /** Returns the score of the last one. */
  float worst() {
    return hypotheses.get(hypotheses.size() - 1).score();
  }

  void add(float score, int[] sequence, int length, int lastToken) {
    if (full() && score <= worst()) {
      return;
    }
    List<Integer> ids = new ArrayList<>(length);
    for (int i = 1; i < length; i++) {
      ids.add(sequence[i]);
    }
    ids.add(lastToken);
    int at = hypotheses.size();
    while (at > 0 && hypotheses.get(at - 1).score() < score) {
      at--;
    }
    hypotheses.add(at, new Hypothesis(List.copyOf(ids), score));
    if (hypotheses.size() > capacity) {
      hypotheses.remove(capacity);
    }
  }

  List<Hypothesis> best(int count) {
    return List.copyOf(hypotheses.subList(0, Math.min(count, hypotheses.size())));
  }
}
