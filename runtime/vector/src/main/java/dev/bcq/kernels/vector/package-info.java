/**
 * Kernels on the Vector API. All shapes follow the preferred one, so that nothing falls back to
 * Java: a tile of 16 rows is one, two or four float vectors at 512, 256 or 128 bits.
 */
@NullMarked
package dev.bcq.kernels.vector;

import org.jspecify.annotations.NullMarked;
