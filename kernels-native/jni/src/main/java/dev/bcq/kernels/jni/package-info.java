/**
 * Kernels in C, called through Java's native interface (JNI), on Java 17 and on Android; the
 * runtime finds them through {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.bcq.kernels.jni;

import org.jspecify.annotations.NullMarked;
