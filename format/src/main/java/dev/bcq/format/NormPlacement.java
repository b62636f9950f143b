package dev.bcq.format;

/** Where a sublayer is normalized. */
public enum NormPlacement {
  /** {@code x + sublayer(norm(x))}. */
  PRE,
  /** {@code norm(x + sublayer(x))}, as in Vaswani et al. 2017. */
  POST
}
