package dev.bcq.converter.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a folder. */
public final class FolderFiles {

  private FolderFiles() {}

  /**
   * Returns those whose names have one of some endings, sorted.
   *
   * @throws CheckpointException if the folder cannot be read
   */
  public static List<Path> endingIn(Path folder, String... endings) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }
}
