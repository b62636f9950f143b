package dev.bcq.converter.calibrate;

import java.io.Serial;

/** Thrown when sentences cannot serve for calibration; the message is for the user. */
public final class CalibrationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public CalibrationException(String message) {
    super(message);
  }
}
