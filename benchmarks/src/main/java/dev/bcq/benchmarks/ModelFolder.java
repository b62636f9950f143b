package dev.bcq.benchmarks;

import dev.bcq.console.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder for synthetic models, which goes with the run or the process unless it is kept. */
final class ModelFolder implements AutoCloseable {
  private final Path path;
  private final boolean temporary;
  private final Thread atExit = new Thread(this::delete);

  private ModelFolder(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
    if (temporary) {
      Runtime.getRuntime().addShutdownHook(atExit);
    }
  }

  /** Returns the folder to keep, made if need be, or a new temporary one. */
  static ModelFolder of(@Nullable Path keep) {
    try {
      return keep == null
          ? new ModelFolder(Files.createTempDirectory("bcq-bench-"), true)
          : new ModelFolder(Files.createDirectories(keep), false);
    } catch (IOException e) {
      throw new CommandException(
          (keep == null ? "a temporary folder" : keep) + " cannot be made: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (temporary) {
      Runtime.getRuntime().removeShutdownHook(atExit);
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      // The system clears its temporary folder some day.
    }
  }
}
