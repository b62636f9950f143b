package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.Binding;
import dev.bcq.kernels.c.NativeKernels;
import dev.bcq.runtime.kernels.Kernels;

/** The kernels in C, called through Java's native interface. */
final class JniKernels {
  static final Binding<Pointer> BINDING =
      new Binding<>(new JniMemory(), new JniMatrixFunctions(), new JniVectorFunctions());

  /** One for all, so that each array has one pointer. */
  static final Kernels KERNELS = new NativeKernels<>(BINDING);

  private JniKernels() {}
}
