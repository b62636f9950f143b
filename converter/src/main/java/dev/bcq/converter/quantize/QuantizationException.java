package dev.bcq.converter.quantize;

import java.io.Serial;

/** Thrown when weights cannot be quantized as asked; the message is for the user. */
public final class QuantizationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public QuantizationException(String message) {
    super(message);
  }
}
