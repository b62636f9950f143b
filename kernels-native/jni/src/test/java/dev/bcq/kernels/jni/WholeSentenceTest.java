package dev.bcq.kernels.jni;

import dev.bcq.runtime.WholeSentenceContract;
import dev.bcq.runtime.kernels.KernelProvider;

class WholeSentenceTest extends WholeSentenceContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }
}
