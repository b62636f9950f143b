package dev.bcq.cli;

import dev.bcq.console.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Text files in UTF-8, compressed if their name ends in {@code .gz}. */
final class TextFile {

  private TextFile() {}

  /** Opens a file for reading. */
  static BufferedReader open(Path file) {
    try {
      InputStream in = Files.newInputStream(file);
      return Terminal.reader(file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in);
    } catch (NoSuchFileException e) {
      throw new CommandException(file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the lines of a file. */
  static List<String> lines(Path file) {
    try (BufferedReader reader = open(file)) {
      List<String> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      return lines;
    } catch (IOException e) {
      throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the pairs of a file with lines {@code source TAB reference}: the first of each distinct
   * source.
   *
   * @param most how many pairs at most
   */
  static Map<String, String> pairs(Path file, int most) {
    Map<String, String> pairs = new LinkedHashMap<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size() && pairs.size() < most; i++) {
      int tab = lines.get(i).indexOf('\t');
      if (tab < 0) {
        throw new CommandException(
            file + " line " + (i + 1) + " has no tab; expected SOURCE<TAB>REFERENCE");
      }
      pairs.putIfAbsent(lines.get(i).substring(0, tab), lines.get(i).substring(tab + 1));
    }
    return pairs;
  }
}
