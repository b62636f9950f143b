/** Weights as they lie in a model file: shape and storage, no arithmetic. */
@NullMarked
package dev.bcq.runtime.tensor;

import org.jspecify.annotations.NullMarked;
