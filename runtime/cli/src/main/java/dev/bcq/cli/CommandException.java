package dev.bcq.cli;

import java.io.Serial;

/** Thrown when a command cannot do what it was asked; the message is for the user. */
final class CommandException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
