package dev.bcq.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Files of released versions; see the README beside them. */
final class ReleasedFiles {
  static final Path VERSION_1 = file("version-1.bcq");

  private ReleasedFiles() {}

  /** Returns name, rows, columns and checksum of each matrix of version 1's file. */
  static List<String> matricesOfVersion1() {
    try {
      return Files.readAllLines(file("version-1.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String name) {
    URL url = Objects.requireNonNull(ReleasedFiles.class.getResource("versions/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
