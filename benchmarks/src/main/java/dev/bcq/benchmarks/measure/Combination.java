package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.kernels.Arithmetic;

/**
 * What is measured as one.
 *
 * @param model the model
 * @param kernels id of the provider
 * @param isa what the kernels run on, in the provider's words
 * @param threads threads that compute a sentence together
 * @param beam beam size
 */
public record Combination(
    BenchModel model, String kernels, String isa, Arithmetic arithmetic, int threads, int beam) {}
