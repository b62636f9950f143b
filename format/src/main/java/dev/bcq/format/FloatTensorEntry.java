package dev.bcq.format;

import java.util.List;

/**
 * A float32 tensor of the file: norms, biases, tables of positions.
 *
 * @param name canonical name, see {@link TransformerConfig}
 * @param shape its dimensions, row-major
 * @param values 32-bit floats
 */
public record FloatTensorEntry(String name, List<Integer> shape, DataBlock values) {}
