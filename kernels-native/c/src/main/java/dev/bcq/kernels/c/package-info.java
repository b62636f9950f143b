/**
 * Kernels in C, whatever the way from Java to them: the library, what makes calls safe, and what a
 * binding has to offer. For bindings alone; programs get kernels from the runtime.
 */
@NullMarked
package dev.bcq.kernels.c;

import org.jspecify.annotations.NullMarked;
