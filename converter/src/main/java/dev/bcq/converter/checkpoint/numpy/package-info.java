/** Arrays that NumPy, or what writes like it, has saved: {@code .npy} and {@code .npz}. */
@NullMarked
package dev.bcq.converter.checkpoint.numpy;

import org.jspecify.annotations.NullMarked;
