package dev.bcq.converter.checkpoint;

import dev.bcq.converter.quantize.MatrixRules;
import dev.bcq.converter.quantize.QuantizationException;
import java.util.Locale;

/** A form in which a checkpoint may hold a matrix beside others. */
public enum WeightForm {
  /** The floats that training changes. */
  FLOAT,
  /** The integers that they were rounded to, times their scale. */
  CODES,
  /** The signs of the floats. */
  SIGNS;

  /**
   * Parses {@code --weights}.
   *
   * @throws QuantizationException if it cannot be understood
   */
  public static MatrixRules<WeightForm> rules(String text) {
    return MatrixRules.parse("--weights", text, "*=float", WeightForm::named);
  }

  private static WeightForm named(String word) {
    for (WeightForm form : values()) {
      if (form.toString().equals(word)) {
        return form;
      }
    }
    throw new QuantizationException(
        "--weights: '%s' is no form; expected float, codes or signs".formatted(word));
  }

  /** Returns the word that users type. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
