package dev.bcq.benchmarks.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Linux tells of a machine in {@code /proc} and {@code /sys}. */
record SystemFiles(Path root) {
  /** The files of this machine. */
  static final SystemFiles HERE = new SystemFiles(Path.of("/"));

  /** Returns the text of a file, or null if there is none that can be read. */
  @Nullable String text(String file) {
    return read(root.resolve(file));
  }

  /** Returns the text of all files that a pattern for names finds below a folder. */
  List<String> texts(String folder, String names, String file) {
    List<String> texts = new ArrayList<>();
    Path parent = root.resolve(folder);
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, names)) {
        for (Path child : children) {
          String text = read(child.resolve(file));
          if (text != null) {
            texts.add(text);
          }
        }
      } catch (IOException e) {
        return List.of();
      }
    }
    return texts;
  }

  private static @Nullable String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file).replace("\0", "").strip() : null;
    } catch (IOException e) {
      // Some files of the kernel exist and cannot be read.
      return null;
    }
  }
}
