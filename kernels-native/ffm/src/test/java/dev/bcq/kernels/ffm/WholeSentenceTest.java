package dev.bcq.kernels.ffm;

import dev.bcq.runtime.WholeSentenceContract;
import dev.bcq.runtime.kernels.KernelProvider;

class WholeSentenceTest extends WholeSentenceContract {

  @Override
  protected KernelProvider provider() {
    return new FfmKernelProvider();
  }
}
