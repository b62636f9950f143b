package dev.bcq.runtime;

import java.util.List;

/**
 * The translation of one segment.
 *
 * @param sourceIds what the encoder read, end token included
 * @param hypotheses at least one, best first
 */
public record Translation(List<Integer> sourceIds, List<TargetText> hypotheses) {

  /** Returns the best hypothesis. */
  public TargetText best() {
    return hypotheses.get(0);
  }

  /**
   * A hypothesis.
   *
   * @param text its text; empty for a model without a tokenizer
   * @param score sum of log-probabilities divided by the number of tokens to the power of the
   *     length penalty
   * @param ids its tokens, without the start token and with the end token
   */
  public record TargetText(String text, float score, List<Integer> ids) {}
}
