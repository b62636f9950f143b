package dev.bcq.runtime;

import java.io.Serial;

/** Thrown when options name a language that the model does not have, or leave one out. */
public final class LanguageException extends TranslationException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public LanguageException(String message) {
    super(message);
  }
}
