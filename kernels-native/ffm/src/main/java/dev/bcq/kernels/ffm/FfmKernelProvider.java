package dev.bcq.kernels.ffm;

import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.Kernels;

/**
 * Offers the kernels in C through the Foreign Function and Memory API, on CPUs and systems for
 * which there is a library.
 */
public final class FfmKernelProvider implements KernelProvider {

  /** Creates the provider; loads nothing yet. */
  public FfmKernelProvider() {}

  @Override
  public String id() {
    return "c-ffm";
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public Availability probe() {
    return FfmLibrary.availability();
  }

  @Override
  public Kernels create() {
    return FfmKernels.KERNELS;
  }
}
