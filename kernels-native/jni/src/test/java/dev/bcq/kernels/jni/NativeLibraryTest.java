package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.NativeLibraryContract;
import dev.bcq.runtime.kernels.KernelProvider;

class NativeLibraryTest extends NativeLibraryContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }
}
