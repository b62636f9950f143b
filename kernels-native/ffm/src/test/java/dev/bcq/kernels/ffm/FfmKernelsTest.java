package dev.bcq.kernels.ffm;

import dev.bcq.runtime.kernels.KernelContract;
import dev.bcq.runtime.kernels.KernelProvider;

class FfmKernelsTest extends KernelContract {

  @Override
  protected KernelProvider provider() {
    return new FfmKernelProvider();
  }
}
