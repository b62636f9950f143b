package dev.bcq.converter.calibrate;

/**
 * A sentence as tokens.
 *
 * @param source what the encoder reads, at least one token
 * @param startToken first input of the decoder
 * @param target what follows it
 */
record CalibrationSample(int[] source, int startToken, int[] target) {}
