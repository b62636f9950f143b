package dev.bcq.runtime.model;

import dev.bcq.runtime.layers.AttentionMemory;
import java.util.List;

/**
 * A source as the decoder reads it.
 *
 * @param output the encoder's output, [length][width], after the final normalization
 * @param length number of tokens
 * @param memories keys and values of the source in each layer of the decoder
 */
public record EncodedSource(float[] output, int length, List<AttentionMemory> memories) {}
