package dev.bcq.pages;

import dev.bcq.console.CommandException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file for a page, which appears complete or not at all.
 *
 * @param path where it will be
 * @param replace whether an existing file is replaced
 */
public record PageFile(Path path, boolean replace) {

  /**
   * Checks before long work that its page can be drawn and written.
   *
   * @throws CommandException if the file exists and is not to be replaced, its folder does not
   *     exist or cannot be written, or Java finds no fonts
   */
  public void check() {
    Path folder = folder();
    if (Files.isDirectory(path)) {
      throw new CommandException(path + " is a folder; expected a file to write the page to");
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
    Drawing.requireFonts();
  }

  /**
   * Writes a page.
   *
   * @throws CommandException if that is not possible
   */
  public void write(Page page) {
    check();
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = folder().resolve("." + path.getFileName() + "." + random + ".tmp");
    try {
      try {
        Files.writeString(temporary, page.html(), StandardOpenOption.CREATE_NEW);
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
