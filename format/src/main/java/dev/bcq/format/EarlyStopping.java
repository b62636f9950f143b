package dev.bcq.format;

import java.util.Locale;

/**
 * When a beam search with a full list of finished hypotheses ends, as {@code early_stopping} of
 * Hugging Face; and as fairseq, which has one way.
 */
public enum EarlyStopping {
  /**
   * Go on while the best running hypothesis, scored at its present length, could still enter the
   * list.
   */
  FALSE,
  /** End as soon as the list is full. */
  TRUE,
  /**
   * Go on while a running hypothesis could still enter the list at the best length that it can
   * reach.
   */
  NEVER,
  /**
   * End as soon as the list is full and keep those that came first, as fairseq does; and what must
   * be the last at the maximum length keeps its log-probability, where it has 0 otherwise.
   */
  FIRST;

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
