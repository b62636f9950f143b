package dev.bcq.runtime;

import java.io.Serial;

/**
 * Thrown when a text cannot be translated with this model; names what was found and what is
 * allowed.
 */
public class TranslationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public TranslationException(String message) {
    super(message);
  }
}
