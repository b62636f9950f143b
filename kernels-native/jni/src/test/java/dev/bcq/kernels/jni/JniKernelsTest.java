package dev.bcq.kernels.jni;

import dev.bcq.runtime.kernels.KernelContract;
import dev.bcq.runtime.kernels.KernelProvider;

class JniKernelsTest extends KernelContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }
}
