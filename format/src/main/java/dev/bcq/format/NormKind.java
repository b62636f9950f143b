package dev.bcq.format;

/** The normalization of a sublayer's input or output. */
public enum NormKind {
  /** {@code (x - mean) / sqrt(variance + epsilon) * weight + bias} (Ba et al. 2016). */
  LAYER,
  /** {@code x / sqrt(mean(x^2) + epsilon) * weight} (Zhang and Sennrich 2019, as T5 uses it). */
  RMS
}
