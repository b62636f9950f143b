package dev.bcq.console;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Text files in UTF-8, compressed if their name ends in {@code .gz}; malformed bytes become U+FFFD.
 */
public final class TextFile {

  private TextFile() {}

  /**
   * Opens a file for reading.
   *
   * @throws CommandException if it does not exist or cannot be read
   */
  public static BufferedReader open(Path file) {
    try {
      InputStream in = Files.newInputStream(file);
      return Terminal.reader(file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in);
    } catch (NoSuchFileException e) {
      throw new CommandException(file + " does not exist", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Returns the lines of a file.
   *
   * @throws CommandException if it does not exist or cannot be read
   */
  public static List<String> lines(Path file) {
    try (BufferedReader reader = open(file)) {
      List<String> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      return lines;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CommandException unreadable(Path file, IOException e) {
    String reason =
        e instanceof EOFException ? "its compressed data ends too early" : e.getMessage();
    return new CommandException(file + " cannot be read: " + reason, e);
  }
}
