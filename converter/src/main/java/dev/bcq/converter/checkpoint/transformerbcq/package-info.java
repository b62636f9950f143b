/** What transformer_bcq trains, in TensorFlow's checkpoints or quantized in NumPy's files. */
@NullMarked
package dev.bcq.converter.checkpoint.transformerbcq;

import org.jspecify.annotations.NullMarked;
