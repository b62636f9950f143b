package dev.bcq.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.console.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is there when it is complete. Until then its lines are in {@code NAME.partial}, and
 * how far they count in {@code NAME.partial.json}; a later run of the same work goes on from there.
 */
final class ResumableFile implements Output, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path target;
  private final Path partial;
  private final Path state;
  private final String work;
  private final FileChannel channel;
  private final long finishedLines;

  private ResumableFile(
      Path target, Path partial, Path state, String work, FileChannel channel, long lines) {
    this.target = target;
    this.partial = partial;
    this.state = state;
    this.work = work;
    this.channel = channel;
    this.finishedLines = lines;
  }

  /**
   * Opens a file, or goes on with one.
   *
   * @param work everything that its content depends on
   * @param replace whether a complete file may be replaced
   * @throws CommandException if there is one already, or what is there is of other work
   * @throws UncheckedIOException if it cannot be written
   */
  static ResumableFile open(Path target, String work, boolean replace) {
    Path partial = Path.of(target + ".partial");
    Path state = Path.of(target + ".partial.json");
    if (Files.isDirectory(target)) {
      throw new CommandException(target + " is a directory; expected the name of a file");
    }
    if (!replace && Files.exists(target)) {
      throw new CommandException(target + " exists; replace it with --force");
    }
    try {
      long lines = 0;
      long bytes = 0;
      if (Files.exists(state)) {
        JsonNode former = JSON.readTree(state.toFile());
        if (!former.path("work").asText().equals(work) || !Files.exists(partial)) {
          throw new CommandException(
              partial
                  + " is of a run with another input, model or other options; finish that, or"
                  + " delete it and "
                  + state);
        }
        lines = former.path("lines").asLong();
        bytes = former.path("bytes").asLong();
      } else if (Files.exists(partial)) {
        throw new CommandException(partial + " is in the way; delete or rename it");
      }
      FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Behind the last checkpoint there may be half a line.
      channel.truncate(bytes).position(bytes);
      ResumableFile file = new ResumableFile(target, partial, state, work, channel, lines);
      file.checkpoint(lines);
      return file;
    } catch (IOException e) {
      throw cannotWrite(partial, e);
    }
  }

  /** Returns how many sources are done already. */
  long finishedLines() {
    return finishedLines;
  }

  @Override
  public void write(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw cannotWrite(partial, e);
    }
  }

  @Override
  public void checkpoint(long lines) {
    try {
      channel.force(false);
      ObjectNode content = JSON.createObjectNode();
      content.put("work", work);
      content.put("lines", lines);
      content.put("bytes", channel.position());
      Path next = Path.of(state + ".next");
      Files.writeString(next, JSON.writeValueAsString(content) + "\n");
      Files.move(next, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotWrite(state, e);
    }
  }

  /** Gives the file its name. */
  void commit() {
    try {
      channel.force(true);
      channel.close();
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(state);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  /** Leaves the file as far as it is. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw cannotWrite(partial, e);
    }
  }

  private static UncheckedIOException cannotWrite(Path file, IOException e) {
    return new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
  }
}
