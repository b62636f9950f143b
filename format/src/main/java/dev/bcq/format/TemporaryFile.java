package dev.bcq.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A new file beside its target, {@code .NAME.HEXADECIMAL.tmp}, that goes when it is closed, or with
 * the process. It is locked as long as it is open, so that one whose process was killed can be told
 * from one that is being written. Not thread-safe.
 */
final class TemporaryFile implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  /** Files of this process: on some systems, to open and close one again would end its lock. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private TemporaryFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates a file.
   *
   * @param target absolute
   */
  static TemporaryFile beside(Path target) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path path = directory(target).resolve(prefix(target) + random + ".tmp");
      TemporaryFile file = create(path);
      if (file != null) {
        return file;
      }
    }
    throw new IOException("another process keeps deleting its temporary files");
  }

  /** Returns a file, or null if another process took it for one that nobody writes. */
  private static @Nullable TemporaryFile create(Path path) throws IOException {
    OWN.add(path);
    TemporaryFile file;
    try {
      file = new TemporaryFile(path, open(path));
    } catch (IOException e) {
      OWN.remove(path);
      throw e;
    }
    if (lock(file.channel) && Files.exists(path)) {
      return file;
    }
    file.close();
    return null;
  }

  private static FileChannel open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    path.toFile().deleteOnExit();
    return channel;
  }

  /** Locks a file; returns false if another process has done so. */
  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      // A file system without locks: nobody can take the file for one that nobody writes.
      return true;
    }
  }

  /**
   * Deletes the files beside a target that processes have left which were killed.
   *
   * @param target absolute
   */
  static void deleteAbandoned(Path target) {
    Pattern name = Pattern.compile(Pattern.quote(prefix(target)) + "[0-9a-f]{1,16}\\.tmp");
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory(target), file -> name.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        if (!OWN.contains(file)) {
          deleteUnlessLocked(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A directory that may be written but not listed: they stay.
    }
  }

  private static void deleteUnlessLocked(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It has gone meanwhile, or it belongs to somebody else.
    }
  }

  private static Path directory(Path target) throws IOException {
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException("the directory " + directory + " does not exist");
    }
    return directory;
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  /** Returns the file, for reading and writing. */
  FileChannel channel() {
    return channel;
  }

  /** Renames the file to its target, in one step. */
  void moveTo(Path target) throws IOException {
    try {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system cannot rename a file in one step", e);
    }
  }

  /** Closes the file, and deletes it unless it was renamed. */
  @Override
  public void close() throws IOException {
    // Deleted while it is locked: nobody else is at it.
    try {
      Files.deleteIfExists(path);
    } finally {
      channel.close();
      OWN.remove(path);
    }
  }
}
