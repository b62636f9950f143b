package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The weights of a checkpoint under their canonical names, in the shapes that Keras gives them: of
 * queries, keys and values [inputs, heads, width of a head], of an attention's output [heads, width
 * of a head, outputs], of other layers [inputs, outputs].
 *
 * @param dense canonical name to floats
 * @param quantized canonical name to bit-planes
 * @param files files that were read
 */
record StoredWeights(
    Map<String, TensorSource> dense, Map<String, BitPlaneTensor> quantized, List<Path> files) {}
