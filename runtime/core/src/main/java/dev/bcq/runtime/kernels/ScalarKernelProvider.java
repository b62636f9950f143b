package dev.bcq.runtime.kernels;

/** Provides {@link ScalarKernels}, which run everywhere. */
public final class ScalarKernelProvider implements KernelProvider {

  @Override
  public String id() {
    return "scalar";
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Availability probe() {
    return Availability.yes("plain Java");
  }

  @Override
  public Kernels create() {
    return new ScalarKernels();
  }
}
