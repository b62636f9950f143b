/** {@code bcq-convert}: trained checkpoints to model files. */
@NullMarked
package dev.bcq.converter;

import org.jspecify.annotations.NullMarked;
