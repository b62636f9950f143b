package dev.bcq.converter.allocate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How bits were divided.
 *
 * @param plan the planes of each matrix
 * @param losses what the model loses if a matrix alone is quantized, by canonical names and number
 *     of planes, in natural units per token; index 0 is not used
 * @param costs what it loses if a matrix alone is quantized as the plan says, by canonical names,
 *     in natural units per token
 * @param sizes the chosen size and its neighbours, by falling size
 * @param crossEntropy of the float model on held-out sentences, or null without any
 */
public record Allocation(
    Plan plan,
    Map<String, double[]> losses,
    Map<String, Double> costs,
    List<SizeChoice> sizes,
    @Nullable Double crossEntropy) {}
