package dev.bcq.runtime.model;

/** A decoder that is fed one token per column and step. */
public interface StepDecoder {

  /** Returns the number of tokens of the target vocabulary. */
  int vocabulary();

  /**
   * Returns the logits of the next token, [columns][vocabulary]. The array is overwritten by the
   * next step, and the caller may change it.
   *
   * @param tokens the last token of each column
   * @param parents for each column the column of the step before that it continues; not read in the
   *     first step
   * @param columns number of columns, at most what the decoder was made for
   */
  float[] step(int[] tokens, int[] parents, int columns);
}
