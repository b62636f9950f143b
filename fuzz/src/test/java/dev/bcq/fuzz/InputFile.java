package dev.bcq.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for the files that a target gives to a reader, among what the build makes: a fuzzer's
 * process is often killed.
 */
final class InputFile {
  private final Path folder;

  InputFile() {
    try {
      Path inputs = Files.createDirectories(Path.of("target", "inputs"));
      folder = Files.createTempDirectory(inputs, "target");
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
