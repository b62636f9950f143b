package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.KernelContract;
import dev.bcq.runtime.kernels.KernelProvider;

class VectorKernelsTest extends KernelContract {

  @Override
  protected KernelProvider provider() {
    return new VectorKernelProvider();
  }
}
