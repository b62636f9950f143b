package dev.bcq.converter.quantize;

/**
 * What calibration has seen of a matrix's inputs.
 *
 * @param fitting what planes and scales are fitted to
 * @param heldOut other sentences, by which the candidates are compared
 */
public record InputMoments(SecondMoments fitting, SecondMoments heldOut) {}
