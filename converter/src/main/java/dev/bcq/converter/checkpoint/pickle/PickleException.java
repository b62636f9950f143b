package dev.bcq.converter.checkpoint.pickle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a pickle is damaged or holds what is not read; the message is for the user and names
 * the file, the byte and the opcode.
 */
public final class PickleException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  PickleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
