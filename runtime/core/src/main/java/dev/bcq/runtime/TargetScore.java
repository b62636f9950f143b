package dev.bcq.runtime;

import java.util.List;

/**
 * How probable a given target is (teacher forcing).
 *
 * @param targetIds the target, without the start token
 * @param logProbabilities natural logarithm of the probability of each token, given the source and
 *     those before
 * @param score their sum divided by their number to the power of the length penalty
 */
public record TargetScore(List<Integer> targetIds, List<Float> logProbabilities, float score) {}
