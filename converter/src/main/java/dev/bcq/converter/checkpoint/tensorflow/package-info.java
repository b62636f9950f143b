/** Checkpoints of TensorFlow 2: bundles of an index and of files of values. */
@NullMarked
package dev.bcq.converter.checkpoint.tensorflow;

import org.jspecify.annotations.NullMarked;
