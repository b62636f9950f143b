/** Weights to bit-planes: greedy and alternating quantization, exact recovery, packing. */
@NullMarked
package dev.bcq.converter.quantize;

import org.jspecify.annotations.NullMarked;
