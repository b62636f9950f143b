package dev.bcq.runtime.kernels;

import java.util.Locale;

/** How quantized matrices are multiplied. */
public enum Arithmetic {
  /**
   * Activations are rounded to 8-bit tables or to int8; sums are exact integers. Bit-planes are
   * looked up in tables at each step of the decoder. With the many columns of a sentence, three
   * planes and more become int8 levels: a table serves one plane, a level all of them.
   */
  FAST,
  /** Activations stay float32; signs decide between addition and subtraction. */
  EXACT,
  /**
   * Activations are rounded to int8, and bits in common with them are counted; sums are exact
   * integers.
   */
  POPCOUNT;

  /** Fewest planes that become levels. */
  private static final int LEVEL_PLANES = 3;

  /**
   * Returns what bit-planes are multiplied by. It depends on nothing else, lest a sentence change
   * with the batch that it is in or with the machine.
   *
   * @param planes number of planes
   */
  public InputForm bitPlaneForm(MatrixRole role, int planes) {
    boolean levels = role == MatrixRole.SENTENCE && planes >= LEVEL_PLANES;
    return switch (this) {
      case FAST -> levels ? InputForm.BYTES : InputForm.BYTE_TABLES;
      case EXACT -> InputForm.FLOAT_TABLES;
      case POPCOUNT -> InputForm.BIT_SLICES;
    };
  }

  /** Returns what int8 weights are multiplied by. */
  public InputForm int8Form() {
    return this == EXACT ? InputForm.FLOATS : InputForm.BYTES;
  }

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
