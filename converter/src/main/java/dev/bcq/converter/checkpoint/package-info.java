/** Trained checkpoints, read into the canonical description of a transformer. */
@NullMarked
package dev.bcq.converter.checkpoint;

import org.jspecify.annotations.NullMarked;
