package dev.bcq.runtime.text;

/** Texts to ids and back, without what is put around them. Immutable and thread-safe. */
interface Segmenter {
  /** Returns the ids of a text. */
  int[] encode(String text);

  /**
   * Returns the text of ids. Ids outside the vocabulary have none, nor those that the caller has
   * taken out.
   */
  String decode(int[] tokens);
}
