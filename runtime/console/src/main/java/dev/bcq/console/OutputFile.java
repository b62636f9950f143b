package dev.bcq.console;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file of text that a command writes at its end: all of it appears, or nothing.
 *
 * @param path where it will be
 * @param replace whether an existing file is replaced
 * @param contents what the text is, for messages, for instance {@code page}
 */
public record OutputFile(Path path, boolean replace, String contents) {

  /**
   * Checks before long work that the file can be written.
   *
   * @throws CommandException if it exists and is not to be replaced, or its folder does not exist
   *     or cannot be written
   */
  public void check() {
    Path folder = folder();
    if (Files.isDirectory(path)) {
      throw new CommandException(
          path + " is a folder; expected a file to write the " + contents + " to");
    }
    if (!replace && Files.exists(path)) {
      throw new CommandException(path + " exists already");
    }
    if (!Files.isDirectory(folder)) {
      throw failed("the directory " + folder + " does not exist", null);
    }
    if (!Files.isWritable(folder)) {
      throw failed("permission denied", null);
    }
  }

  /**
   * Writes the text.
   *
   * @throws CommandException if that is not possible
   */
  public void write(String text) {
    check();
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = folder().resolve("." + path.getFileName() + "." + random + ".tmp");
    try {
      try {
        Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW);
        Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (AccessDeniedException e) {
      throw failed("permission denied", e);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  private Path folder() {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? path.toAbsolutePath() : folder;
  }

  private CommandException failed(String reason, @Nullable IOException cause) {
    String message = path + " cannot be written: " + reason;
    return cause == null ? new CommandException(message) : new CommandException(message, cause);
  }
}
