package dev.bcq.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the files that a target gives to a reader; it goes with the process. */
final class InputFile {
  private final Path folder;

  InputFile() {
    try {
      folder = Files.createTempDirectory("bcq-fuzz");
      folder.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Writes a file of the folder. */
  Path write(String name, byte[] bytes) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        file.toFile().deleteOnExit();
      }
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file of the folder if it is there. */
  void delete(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
