package dev.bcq.runtime.kernels;

/** What a matrix kernel reads instead of plain activations. */
public enum InputForm {
  /** The activations themselves, padded with zeros to whole chunks: dense matrices. */
  FLOATS,
  /**
   * For each 4 columns the 16 signed sums, rounded to int8: {@link Arithmetic#FAST} on bit-planes.
   */
  BYTE_TABLES,
  /** For each 4 columns the 16 signed sums as floats: {@link Arithmetic#EXACT} on bit-planes. */
  FLOAT_TABLES,
  /**
   * Activations rounded to int8: {@link Arithmetic#FAST} and {@link Arithmetic#POPCOUNT} on int8
   * matrices, {@link Arithmetic#FAST} on bit-planes that become int8 levels.
   */
  BYTES,
  /** The same bytes, cut into their eight bits: {@link Arithmetic#POPCOUNT} on bit-planes. */
  BIT_SLICES;

  /**
   * Returns what to throw where weights cannot be multiplied by this form.
   *
   * @param weights what they are
   */
  public IllegalArgumentException unfit(String weights) {
    return new IllegalArgumentException(weights + " are not multiplied by " + this);
  }
}
