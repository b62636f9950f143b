package dev.bcq.runtime.kernels;

/**
 * Makes kernels of one kind; found through {@link java.util.ServiceLoader}. A provider's own class
 * names no type that may be missing at run time.
 */
public interface KernelProvider {

  /** Returns the name users type, for instance {@code vector}. */
  String id();

  /** Returns the rank in the automatic choice: the highest available one wins. */
  int priority();

  /** Returns whether the kernels work here, or why not; never throws. */
  Availability probe();

  /**
   * Returns whether the kernels are very slow until the JVM has compiled them, so that others had
   * better stand in for them at first.
   */
  default boolean startsCold() {
    return false;
  }

  /** Returns the kernels; only called when {@link #probe} found them available. */
  Kernels create();
}
