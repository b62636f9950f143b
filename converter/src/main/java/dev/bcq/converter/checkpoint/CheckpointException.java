package dev.bcq.converter.checkpoint;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when a checkpoint is damaged or cannot be expressed; the message is for the user. */
public final class CheckpointException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public CheckpointException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user and its cause. */
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
