package dev.bcq.cli;

import dev.bcq.console.CommandException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model is run. */
final class ModelOptions {
  /** System property in which the launcher names the model that comes with the program. */
  static final String DEFAULT_MODEL = "bcq.model";

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Model to use (default: the English-German one that comes with the program).")
  private @Nullable Path model;

  Path file() {
    return model != null ? model : defaultFile();
  }

  /**
   * Returns the model that comes with the program.
   *
   * @throws CommandException if there is none
   */
  static Path defaultFile() {
    String standard = System.getProperty(DEFAULT_MODEL);
    if (standard == null) {
      throw new CommandException("no model: name one with --model FILE");
    }
    return Path.of(standard);
  }
}
