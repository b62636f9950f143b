package dev.bcq.pages;

import dev.bcq.console.CommandException;
import dev.bcq.console.OutputFile;
import java.nio.file.Path;

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
    file().check();
    Drawing.requireFonts();
  }

  /**
   * Writes a page.
   *
   * @throws CommandException if that is not possible
   */
  public void write(Page page) {
    file().write(page.html());
  }

  private OutputFile file() {
    return new OutputFile(path, replace, "page");
  }
}
