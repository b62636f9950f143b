/** Checkpoints of fairseq: transformers, and those that Quant-Noise and iPQ have compressed. */
@NullMarked
package dev.bcq.converter.checkpoint.fairseq;

import org.jspecify.annotations.NullMarked;
