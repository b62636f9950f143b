package dev.bcq.format;

/** How a transformer knows the order of its tokens. */
public sealed interface Positions {

  /** No position information. */
  record None() implements Positions {}

  /**
   * A trained table, the float tensors {@code encoder.positions.weight} and {@code
   * decoder.positions.weight}; token t adds row {@code t + offset}.
   *
   * @param count number of tokens that have a row
   * @param offset rows in front of the first token's
   */
  record Learned(int count, int offset) implements Positions {}

  /**
   * Sines and cosines of {@code (t + first) / 10000^(j / divisor)}, j = 0 .. width/2 - 1 (Vaswani
   * et al. 2017, section 3.5).
   *
   * @param count longest sequence, or 0 when there is no limit
   * @param interleaved sine and cosine alternate; otherwise all sines come first
   * @param first position of the first token
   * @param halfMinusOne the divisor is {@code width/2 - 1} (tensor2tensor, fairseq) instead of
   *     {@code width/2}
   */
  record Sinusoidal(int count, boolean interleaved, int first, boolean halfMinusOne)
      implements Positions {}

  /**
   * Biases of the attention scores by bucket of distance (Raffel et al. 2020, section 2.1), the
   * float tensors {@code encoder.layers.N.relative_bias.weight} and {@code
   * decoder.layers.N.relative_bias.weight} of shape [buckets, heads].
   *
   * @param buckets number of buckets, of both directions together in the encoder
   * @param maximumDistance from here on all distances share the last bucket
   * @param perLayer each layer has its own biases; otherwise layer 0's serve its whole stack
   */
  record Relative(int buckets, int maximumDistance, boolean perLayer) implements Positions {}

  /** Returns the longest sequence these positions can express, or {@link Integer#MAX_VALUE}. */
  default int limit() {
    if (this instanceof Learned learned) {
      return learned.count();
    }
    if (this instanceof Sinusoidal sinusoidal && sinusoidal.count() > 0) {
      return sinusoidal.count();
    }
    return Integer.MAX_VALUE;
  }
}
