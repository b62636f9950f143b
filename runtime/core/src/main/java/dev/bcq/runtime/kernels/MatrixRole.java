package dev.bcq.runtime.kernels;

/** When a model multiplies a matrix: what decides how many columns its inputs usually have. */
public enum MatrixRole {
  /** Once for a sentence, with a column for each of its tokens: encoder, keys and values of it. */
  SENTENCE,
  /** At each step, with a column for each beam: decoder, output projection. */
  STEP
}
