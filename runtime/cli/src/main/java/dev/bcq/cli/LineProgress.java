package dev.bcq.cli;

import dev.bcq.console.Progress;
import dev.bcq.console.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far a file of lines is translated, and how fast, for a person who waits. */
final class LineProgress implements LineTranslation.Watcher, AutoCloseable {
  private static final long UNKNOWN = -1;

  private final Progress progress;
  private final boolean counted;
  private final long begin = System.nanoTime();
  private long lines;

  /** Begins; a person who sees the lines themselves needs no progress. */
  static @Nullable LineProgress of(@Nullable Path input, boolean toFile) {
    boolean seen = Terminal.isError() && (toFile || !Terminal.isOutput());
    return seen ? new LineProgress(input == null ? bytesOfStandardInput() : bytes(input)) : null;
  }

  private LineProgress(long bytes) {
    this.counted = bytes >= 0;
    this.progress =
        counted
            ? Progress.of("translating", bytes, " kB", 1000)
            : Progress.of("translating", UNKNOWN, " lines", 1);
  }

  private static long bytes(Path input) {
    try {
      return input.toString().endsWith(".gz") ? UNKNOWN : Files.size(input);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Returns what is left of a file that standard input comes from. */
  private static long bytesOfStandardInput() {
    try {
      // Not closed: the descriptor is that of the input itself.
      FileChannel channel = new FileInputStream(FileDescriptor.in).getChannel();
      return channel.size() > 0 ? channel.size() - channel.position() : UNKNOWN;
    } catch (IOException e) {
      // A pipe has no position.
      return UNKNOWN;
    }
  }

  @Override
  public void done(String line) {
    lines++;
    skip(line);
    double seconds = (System.nanoTime() - begin) / 1e9;
    progress.note(String.format(Locale.ROOT, "%.1f sentences/s", lines / seconds));
  }

  /** Counts a line that was done before: it takes no time. */
  void skip(String line) {
    progress.add(counted ? line.getBytes(StandardCharsets.UTF_8).length + 1L : 1);
  }

  @Override
  public void close() {
    progress.close();
  }
}
