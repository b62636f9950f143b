package dev.bcq.format;

import java.util.List;

/**
 * A translation that this very file must give: exact arithmetic, scalar kernels, beam 4.
 *
 * <p>Score bits are exact, except in a file with dense float32 matrices, where providers may round
 * differently: there scores agree within 1e-4.
 *
 * @param source the text; empty if the sample is given by ids only
 * @param sourceIds encoder input
 * @param targetIds best hypothesis, without the start token
 * @param score its score
 * @param referenceIds what the model said in float32, before quantization
 * @param referenceScore and its score
 */
public record GoldenSample(
    String source,
    List<Integer> sourceIds,
    List<Integer> targetIds,
    float score,
    List<Integer> referenceIds,
    float referenceScore) {}
