package dev.bcq.runtime;

import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;

/**
 * How a model is run.
 *
 * @param kernels id of the kernels, or {@code auto} for the fastest that work here; where those
 *     have to be compiled first, scalar ones stand in for them, with the same results
 * @param arithmetic arithmetic of quantized matrices
 */
public record TranslatorOptions(String kernels, Arithmetic arithmetic) {

  /** The fastest kernels, fast arithmetic. */
  public static final TranslatorOptions DEFAULT =
      new TranslatorOptions(KernelRegistry.AUTO, Arithmetic.FAST);

  /** Returns these options with other kernels. */
  public TranslatorOptions withKernels(String id) {
    return new TranslatorOptions(id, arithmetic);
  }

  /** Returns these options with another arithmetic. */
  public TranslatorOptions withArithmetic(Arithmetic other) {
    return new TranslatorOptions(kernels, other);
  }
}
