/**
 * Matrix kernels: their contract, the scalar reference, and the choice among providers.
 *
 * <p>Conventions of this package: a <i>chunk</i> is 32 columns, an <i>octet</i> 8 columns of it, a
 * <i>tile</i> 16 rows (layout T16, {@link dev.bcq.format.BitPlaneLayout}); a <i>span</i> is 4
 * chunks = 128 columns of activations that share a scale. Inputs of a matrix are padded with zeros
 * to whole chunks. Everything but the kernels of dense float32 matrices has one result, bit for
 * bit, for every provider: additions happen in the order that {@link
 * dev.bcq.runtime.kernels.Kernels} writes down, without fused multiply-add.
 */
@NullMarked
package dev.bcq.runtime.kernels;

import org.jspecify.annotations.NullMarked;
