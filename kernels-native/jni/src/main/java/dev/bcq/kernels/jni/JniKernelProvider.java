package dev.bcq.kernels.jni;

import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.Kernels;

/**
 * Offers the kernels in C through Java's native interface, on CPUs and systems for which there is a
 * library; on every Java that the runtime runs on, Android's too.
 */
public final class JniKernelProvider implements KernelProvider {

  /** Creates the provider; loads nothing yet. */
  public JniKernelProvider() {}

  @Override
  public String id() {
    return "c-jni";
  }

  /** Just below that of the Foreign Function and Memory API, whose calls cost less. */
  @Override
  public int priority() {
    return 190;
  }

  @Override
  public Availability probe() {
    return JniLibrary.availability();
  }

  @Override
  public Kernels create() {
    return JniKernels.KERNELS;
  }
}
