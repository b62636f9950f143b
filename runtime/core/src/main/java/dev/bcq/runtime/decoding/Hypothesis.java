package dev.bcq.runtime.decoding;

import java.util.List;

/**
 * A target that a search has found.
 *
 * @param ids tokens without the start token, with the end token if the hypothesis ended in one
 * @param score sum of log-probabilities, divided by the number of tokens to the power of the length
 *     penalty
 */
public record Hypothesis(List<Integer> ids, float score) {}
