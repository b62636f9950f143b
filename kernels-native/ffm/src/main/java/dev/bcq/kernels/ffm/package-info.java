/**
 * Kernels in C, called through the Foreign Function and Memory API; the runtime finds them through
 * {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.bcq.kernels.ffm;

import org.jspecify.annotations.NullMarked;
