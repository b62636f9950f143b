package dev.bcq.runtime.decoding;

import java.io.Serial;

/**
 * Thrown when decoding options contradict each other or the model; names the option and both
 * values.
 */
public final class DecodingException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public DecodingException(String message) {
    super(message);
  }
}
