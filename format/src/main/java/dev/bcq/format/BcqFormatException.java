package dev.bcq.format;

import java.io.Serial;

/**
 * Thrown when a file is not a {@code .bcq} file that this version can use: says what, where,
 * expected and found.
 */
public sealed class BcqFormatException extends RuntimeException permits NewerFormatException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public BcqFormatException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user and its cause. */
  public BcqFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
