package dev.bcq.cli;

import dev.bcq.console.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lines as they come: whoever writes one and waits for its translation is not kept waiting for the
 * next, and whoever writes many has them taken together.
 */
final class LineSource {
  private static final int AHEAD = 4096;

  /** What the reading thread leaves: a line, what went wrong, or neither at the end. */
  private record Event(@Nullable String line, @Nullable IOException failure) {}

  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(AHEAD);
  private boolean ended;

  /** Begins to read on a thread of its own; the reader is not closed. */
  LineSource(BufferedReader reader) {
    Thread thread = new Thread(() -> read(reader), "bcq-input");
    thread.setDaemon(true);
    thread.start();
  }

  private void read(BufferedReader reader) {
    try {
      try {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          events.put(new Event(line, null));
        }
        events.put(new Event(null, null));
      } catch (IOException e) {
        events.put(new Event(null, e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the next lines: as many as are there, up to {@code most}, and at least one; none at the
   * end.
   *
   * @throws CommandException if they cannot be read
   */
  List<String> next(int most) {
    List<String> lines = new ArrayList<>();
    try {
      while (!ended && lines.size() < most) {
        Event event = lines.isEmpty() ? events.take() : events.poll();
        if (event == null) {
          break;
        }
        if (event.failure() != null) {
          throw new CommandException(
              "the input cannot be read: " + event.failure().getMessage(), event.failure());
        }
        if (event.line() == null) {
          ended = true;
        } else {
          lines.add(event.line());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
    return lines;
  }
}
