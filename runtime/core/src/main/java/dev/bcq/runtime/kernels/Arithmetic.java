package dev.bcq.runtime.kernels;

import java.util.Locale;

/** How quantized matrices are multiplied. */
public enum Arithmetic {
  /**
   * Activations are rounded to 8-bit tables (binary-coded matrices) or to int8; sums are exact
   * integers.
   */
  FAST(InputForm.BYTE_TABLES, InputForm.BYTES),
  /** Activations stay float32; signs decide between addition and subtraction. */
  EXACT(InputForm.FLOAT_TABLES, InputForm.FLOATS),
  /**
   * Activations are rounded to int8, and bits in common with them are counted; sums are exact
   * integers.
   */
  POPCOUNT(InputForm.BIT_SLICES, InputForm.BYTES);

  private final InputForm bitPlaneForm;
  private final InputForm int8Form;

  Arithmetic(InputForm bitPlaneForm, InputForm int8Form) {
    this.bitPlaneForm = bitPlaneForm;
    this.int8Form = int8Form;
  }

  /** Returns what bit-planes are multiplied by. */
  public InputForm bitPlaneForm() {
    return bitPlaneForm;
  }

  /** Returns what int8 weights are multiplied by. */
  public InputForm int8Form() {
    return int8Form;
  }

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
