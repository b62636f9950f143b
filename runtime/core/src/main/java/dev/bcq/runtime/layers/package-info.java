/** Layers: weights and the order of their operations. */
@NullMarked
package dev.bcq.runtime.layers;

import org.jspecify.annotations.NullMarked;
