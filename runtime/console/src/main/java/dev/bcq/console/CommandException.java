package dev.bcq.console;

import java.io.Serial;

/** Thrown when a command cannot do what it was asked; the message is for the user. */
public final class CommandException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public CommandException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user. */
  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
