package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.ScalarKernelProvider;

class StepAllocationTest extends StepAllocationContract {

  @Override
  protected KernelProvider provider() {
    return new ScalarKernelProvider();
  }
}
