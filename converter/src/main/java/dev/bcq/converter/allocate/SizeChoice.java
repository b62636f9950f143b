package dev.bcq.converter.allocate;

import dev.bcq.converter.calibrate.LossMeter.Loss;
import org.jspecify.annotations.Nullable;

/**
 * What a model of some size costs.
 *
 * @param fileBytes the file
 * @param bitsPerWeight bits of all matrices, scales among them, over their weights
 * @param predicted sum of the losses that its matrices have alone, in natural units per token
 * @param measured what the whole has lost on held-out sentences, or null without any
 * @param chosen whether it is what was asked for
 */
public record SizeChoice(
    long fileBytes,
    double bitsPerWeight,
    double predicted,
    @Nullable Loss measured,
    boolean chosen) {}
