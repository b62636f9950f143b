package dev.bcq.format;

import java.io.Serial;

/** Thrown when a file has a format that only newer programs read. */
public final class NewerFormatException extends BcqFormatException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public NewerFormatException(String message) {
    super(message);
  }
}
