package dev.bcq.kernels.jni;

import dev.bcq.runtime.decoding.StepAllocationContract;
import dev.bcq.runtime.kernels.KernelProvider;

class StepAllocationTest extends StepAllocationContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }
}
