package dev.bcq.format;

import java.util.Locale;

/**
 * When a beam search with a full list of finished hypotheses ends, as {@code early_stopping} of
 * Hugging Face.
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
  NEVER;

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
