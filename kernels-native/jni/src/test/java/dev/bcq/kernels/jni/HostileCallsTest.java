package dev.bcq.kernels.jni;

import dev.bcq.kernels.c.HostileCalls;
import dev.bcq.kernels.c.HostileCallsContract;
import dev.bcq.runtime.kernels.KernelProvider;
import java.io.IOException;

class HostileCallsTest extends HostileCallsContract {

  @Override
  protected KernelProvider provider() {
    return new JniKernelProvider();
  }

  @Override
  protected Class<?> program() {
    return Program.class;
  }

  /** Makes the calls. */
  static final class Program {
    private Program() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException {
      if (!new JniKernelProvider().probe().available()) {
        throw new IllegalStateException("the library is not available");
      }
      HostileCalls.run(JniKernels.BINDING, args);
    }
  }
}
