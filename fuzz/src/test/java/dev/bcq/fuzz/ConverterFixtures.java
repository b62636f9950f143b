package dev.bcq.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fixtures of the converter's tests. */
final class ConverterFixtures {
  private static final Path FOLDER =
      Path.of(
          System.getProperty("bcq.root"),
          "converter/src/test/resources/dev/bcq/converter/checkpoint");

  private ConverterFixtures() {}

  /** Returns where a fixture lies. */
  static Path path(String name) {
    return FOLDER.resolve(name);
  }

  /** Returns the bytes of a fixture. */
  static byte[] read(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
