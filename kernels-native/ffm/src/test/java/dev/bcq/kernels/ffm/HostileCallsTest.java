package dev.bcq.kernels.ffm;

import dev.bcq.kernels.c.HostileCalls;
import dev.bcq.kernels.c.HostileCallsContract;
import dev.bcq.runtime.kernels.KernelProvider;
import java.io.IOException;

class HostileCallsTest extends HostileCallsContract {

  @Override
  protected KernelProvider provider() {
    return new FfmKernelProvider();
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
      if (!new FfmKernelProvider().probe().available()) {
        throw new IllegalStateException("the library is not available");
      }
      HostileCalls.run(FfmKernels.BINDING, args);
    }
  }
}
