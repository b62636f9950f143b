package dev.bcq.runtime.kernels;

import java.util.Locale;

/** How quantized matrices are multiplied. */
public enum Arithmetic {
  /**
   * Activations are rounded to 8-bit tables (binary-coded matrices) or to int8; sums are exact
   * integers.
   */
  FAST,
  /** Activations stay float32; signs decide between addition and subtraction. */
  EXACT;

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
