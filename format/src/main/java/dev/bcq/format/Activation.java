package dev.bcq.format;

/** The activation function of a feed-forward block. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x/2 (1 + erf(x / sqrt 2))}. */
  GELU_ERF,
  /** {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  GELU_TANH,
  /** {@code x / (1 + exp(-x))}, also called swish. */
  SILU
}
