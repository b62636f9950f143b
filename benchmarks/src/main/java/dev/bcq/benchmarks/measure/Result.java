package dev.bcq.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What was found for a combination; null is what was not measured.
 *
 * @param decoderTokensPerSecond positions of one sentence, whatever the beam, over the decoder's
 *     time
 * @param encoderTokensPerSecond source tokens of one sentence over the encoder's time
 * @param encoderMilliseconds encoder, keys and values of the cross-attention included
 * @param firstTokenMilliseconds from the source to the choice of the first token
 * @param latencyMilliseconds from the source to the target
 * @param positions median of the decoder's steps for a sentence
 * @param coldStartMilliseconds from the start of a process to its printed translation
 * @param memory resident memory of a process
 * @param workingBytes model, activations and cache
 * @param joulesPerSentence energy of the processors
 * @param productsMilliseconds matrix products of 64 steps, by the same kernels
 * @param openBlasMilliseconds matrix products of 64 steps by OpenBLAS, the better of its two ways
 * @param bleu of the sentences that were translated for it, 0..100
 */
public record Result(
    Combination combination,
    Spread decoderTokensPerSecond,
    Spread encoderTokensPerSecond,
    Spread encoderMilliseconds,
    Spread firstTokenMilliseconds,
    Spread latencyMilliseconds,
    double positions,
    @Nullable Spread coldStartMilliseconds,
    @Nullable ProcessMemory memory,
    long workingBytes,
    @Nullable Spread joulesPerSentence,
    @Nullable Spread productsMilliseconds,
    @Nullable Spread openBlasMilliseconds,
    @Nullable Double bleu) {
  /** Positions that {@code productsMilliseconds} stands for. */
  public static final int PRODUCT_POSITIONS = 64;

  /** Returns the bytes of the model file. */
  public long fileBytes() {
    return combination.model().file().length();
  }

  /** Returns the part of a decoding step that is matrix products, 0..1, or null. */
  public @Nullable Double matrixShare() {
    if (productsMilliseconds == null) {
      return null;
    }
    double step = 1000 / decoderTokensPerSecond.median();
    return Math.min(1, productsMilliseconds.median() / PRODUCT_POSITIONS / step);
  }
}
