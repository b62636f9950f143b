package dev.bcq.converter.calibrate;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sentences for calibration.
 *
 * @param name name of their file, without directories
 * @param sources what the model reads
 * @param targets a translation of each, or null: then the model's own are taken
 */
public record CalibrationText(String name, List<String> sources, @Nullable List<String> targets) {

  /**
   * Reads sentences, a line each.
   *
   * @param source lines {@code SOURCE} or {@code SOURCE<TAB>TARGET}, in UTF-8, compressed if the
   *     name ends in {@code .gz}
   * @param target a line with the target of each source, or null
   * @throws CommandException if a file cannot be read, is empty or no text, if only some lines have
   *     a target, or the files differ in length
   */
  public static CalibrationText read(Path source, @Nullable Path target) {
    List<String> lines = lines(source);
    String name = String.valueOf(source.getFileName());
    boolean pairs = hasTarget(lines.get(0));
    for (int i = 0; i < lines.size(); i++) {
      if (hasTarget(lines.get(i)) != pairs) {
        throw new CommandException(
            String.format(
                Locale.ROOT,
                "%s line %d has %s, line 1 has %s; expected SOURCE<TAB>TARGET in all lines, or in none",
                source,
                i + 1,
                pairs ? "no target" : "a target",
                pairs ? "one" : "none"));
      }
    }
    if (target == null) {
      return pairs ? split(name, lines) : new CalibrationText(name, lines, null);
    }
    if (pairs) {
      throw new CommandException(
          "%s has targets already, behind a tab; leave out --calibrate-target".formatted(source));
    }
    List<String> targets = lines(target);
    if (targets.size() != lines.size()) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "%s has %d lines, %s has %d; expected the target of each source, line by line",
              source,
              lines.size(),
              target,
              targets.size()));
    }
    return new CalibrationText(name, lines, targets);
  }

  private static boolean hasTarget(String line) {
    return line.indexOf('\t') >= 0;
  }

  private static CalibrationText split(String name, List<String> lines) {
    List<String> sources = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (String line : lines) {
      int tab = line.indexOf('\t');
      sources.add(line.substring(0, tab));
      targets.add(line.substring(tab + 1));
    }
    return new CalibrationText(name, sources, targets);
  }

  private static List<String> lines(Path file) {
    List<String> lines = TextFile.lines(file);
    if (lines.isEmpty()) {
      throw new CommandException(file + " is empty; expected a sentence in each line");
    }
    for (int i = 0; i < lines.size(); i++) {
      // What is malformed comes as U+FFFD.
      if (lines.get(i).indexOf('\uFFFD') >= 0 || lines.get(i).indexOf('\0') >= 0) {
        throw new CommandException(
            String.format(
                Locale.ROOT,
                "%s line %d is no text in UTF-8; expected a sentence in each line, compressed only if the name ends in .gz",
                file,
                i + 1));
      }
    }
    return lines;
  }
}
