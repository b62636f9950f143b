package dev.bcq.benchmarks;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import java.nio.file.Path;
import java.util.List;

/** The lines of a file that have words in them. */
final class InputLines {

  private InputLines() {}

  /**
   * Reads a file.
   *
   * @throws dev.bcq.console.CommandException if it cannot be read
   * @throws CommandException if it has no words
   */
  static List<String> of(Path file) {
    List<String> lines = TextFile.lines(file).stream().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new CommandException(file + " has no lines to translate");
    }
    return lines;
  }
}
