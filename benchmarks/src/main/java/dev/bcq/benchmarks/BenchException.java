package dev.bcq.benchmarks;

import java.io.Serial;

/** Thrown when {@code bcq-bench} cannot do what it was asked; the message is for the user. */
public final class BenchException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public BenchException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
