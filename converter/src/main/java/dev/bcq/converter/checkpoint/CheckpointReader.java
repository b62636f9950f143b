package dev.bcq.converter.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Reads what one project writes. A new source is an implementation of this, a line in {@code
 * CheckpointReaders} and a page of docs.
 */
public interface CheckpointReader {

  /** Returns the name under which {@code --format} knows it, in lower case. */
  String name();

  /** Returns what it reads, in a few words. */
  String description();

  /** Returns what makes a file or folder one of its own, in a few words. */
  String looksFor();

  /**
   * Returns whether an input is one of its own, judged by its content.
   *
   * @param input an existing file or folder
   * @throws CheckpointException if the input might be one, but is damaged
   */
  boolean recognizes(Path input);

  /** Returns whether its checkpoints hold matrices in several forms, one of which is taken. */
  default boolean choosesWeights() {
    return false;
  }

  /**
   * Reads an input.
   *
   * @param arena as long as it is open, the tensors can be read
   * @throws CheckpointException if it cannot be expressed as it is
   */
  Checkpoint read(CheckpointInput input, Arena arena);
}
