package dev.bcq.benchmarks.measure;

import dev.bcq.evaluation.SentencePairs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How much is measured.
 *
 * @param rounds translations of each combination
 * @param warmUpSeconds how long each combination runs before, at least
 * @param processes fresh processes of each combination; 0 = neither cold start nor memory
 * @param launcher {@code bin/bcq-translate}; null = no fresh processes
 * @param openBlas whether OpenBLAS computes the products of float32 models
 * @param pairs what is translated for BLEU; null = BLEU is not measured
 */
public record Plan(
    int rounds,
    double warmUpSeconds,
    int processes,
    @Nullable Path launcher,
    boolean openBlas,
    @Nullable SentencePairs pairs) {}
