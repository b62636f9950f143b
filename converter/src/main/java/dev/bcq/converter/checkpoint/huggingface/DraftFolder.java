package dev.bcq.converter.checkpoint.huggingface;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A folder of files that is made beside its place and takes it whole. */
final class DraftFolder implements AutoCloseable {
  private final Path target;
  private final Path draft;
  private final Thread atExit = new Thread(this::deleteQuietly);

  private DraftFolder(Path target, Path draft) {
    this.target = target;
    this.draft = draft;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Begins a folder.
   *
   * @param target a folder that does not exist, or is empty
   * @throws IOException if there is something in it, or no folder to make it in
   */
  static DraftFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    checkFree(absolute);
    Path parent = absolute.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory " + parent + " does not exist");
    }
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path draft = parent.resolve("." + absolute.getFileName() + "." + random + ".tmp");
    return new DraftFolder(absolute, Files.createDirectory(draft));
  }

  private static void checkFree(Path target) throws IOException {
    if (Files.exists(target)) {
      if (!Files.isDirectory(target)) {
        throw new IOException("it is a file");
      }
      try (Stream<Path> content = Files.list(target)) {
        if (content.findAny().isPresent()) {
          throw new IOException("it is not empty; name a new folder");
        }
      }
    }
  }

  /** Returns the folder to put the files into. */
  Path path() {
    return draft;
  }

  /** Puts the folder in its place. */
  void commit() throws IOException {
    Files.deleteIfExists(target);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes the folder unless it was committed. */
  @Override
  public void close() throws IOException {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process ends, and the hook finds nothing to do.
    }
  }

  private void delete() throws IOException {
    if (Files.exists(draft)) {
      try (Stream<Path> content = Files.list(draft)) {
        for (Path file : content.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(draft);
    }
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (IOException e) {
      // Nobody is left to hear of it.
    }
  }
}
