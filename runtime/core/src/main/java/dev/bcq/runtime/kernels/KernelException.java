package dev.bcq.runtime.kernels;

import java.io.Serial;

/** Thrown when kernels that were asked for cannot be had; says why and what is allowed. */
public final class KernelException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public KernelException(String message) {
    super(message);
  }
}
