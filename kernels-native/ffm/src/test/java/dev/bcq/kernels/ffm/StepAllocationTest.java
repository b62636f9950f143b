package dev.bcq.kernels.ffm;

import dev.bcq.runtime.decoding.StepAllocationContract;
import dev.bcq.runtime.kernels.KernelProvider;

class StepAllocationTest extends StepAllocationContract {

  @Override
  protected KernelProvider provider() {
    return new FfmKernelProvider();
  }
}
