package dev.bcq.converter.allocate;

import java.util.regex.Pattern;

/**
 * What a matrix loses for the relative error of its weights where no sentence tells: the means that
 * its kind has in tatoeba-en-de-small (docs/quantization.md). Kinds differ by two orders of
 * magnitude, models and layers by much less.
 */
enum AssumedSensitivity {
  EMBEDDING(".*embedding|output", 1.1),
  CROSS_ATTENTION_VALUES("decoder.*cross_attention\\.(value|output)", 0.016),
  FEED_FORWARD_UP(".*feed_forward\\.(up|gate)", 0.023),
  FEED_FORWARD_DOWN(".*feed_forward\\.down", 0.017),
  SELF_ATTENTION_VALUES(".*self_attention\\.(value|output)", 0.008),
  QUERIES_AND_KEYS(".*attention\\.(query|key)", 0.004);

  private final Pattern names;
  private final double value;

  AssumedSensitivity(String names, double value) {
    this.names = Pattern.compile(names);
    this.value = value;
  }

  /** Returns the loss, in natural units per token, divided by the relative squared error. */
  static double of(QuantizableMatrix matrix) {
    String name = matrix.name().replaceFirst("\\.weight$", "");
    for (AssumedSensitivity kind : values()) {
      if (kind.names.matcher(name).matches()) {
        return kind.value;
      }
    }
    return FEED_FORWARD_UP.value;
  }
}
