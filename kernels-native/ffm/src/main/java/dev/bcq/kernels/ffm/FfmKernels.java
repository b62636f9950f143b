package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.Binding;
import dev.bcq.kernels.c.NativeKernels;
import dev.bcq.runtime.kernels.Kernels;
import java.lang.foreign.MemorySegment;

/** The kernels in C, called through the Foreign Function and Memory API. */
final class FfmKernels {
  static final Binding<MemorySegment> BINDING =
      new Binding<>(new FfmMemory(), new FfmMatrixFunctions(), new FfmVectorFunctions());

  /** One for all, so that each array has one segment. */
  static final Kernels KERNELS = new NativeKernels<>(BINDING);

  private FfmKernels() {}
}
