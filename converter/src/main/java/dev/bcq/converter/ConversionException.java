package dev.bcq.converter;

import java.io.Serial;

/** Thrown when a conversion cannot be done as asked; the message is for the user. */
public final class ConversionException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public ConversionException(String message) {
    super(message);
  }
}
