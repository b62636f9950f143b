package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.console.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which systems are evaluated: models and texts, in the order of the command line. */
final class SystemOptions {

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  /** One of the options each time: two lists would not tell which came first. */
  @ArgGroup(multiplicity = "0..*")
  private List<Choice> choices = new ArrayList<>();

  private static final class Choice {
    @Option(
        names = "--model",
        paramLabel = "FILE",
        description =
            "A model to evaluate; may be given several times; others are compared with the first"
                + " (default: the English-German one that comes with the program).")
    private @Nullable Path model;

    @Option(
        names = "--hypothesis",
        paramLabel = "FILE",
        description =
            "A text to evaluate, translations that anything has made, a line for each sentence;"
                + " may be given several times. May be .gz.")
    private @Nullable Path hypothesis;
  }

  /**
   * A system to evaluate.
   *
   * @param name what tables call it, unlike all others
   * @param file a model, or the lines of its translations
   */
  record Named(String name, Path file, boolean isModel) {}

  /**
   * Returns the systems, the baseline first; the default model if none is named.
   *
   * @throws ParameterException if one is named twice, or a model as a text
   * @throws CommandException if none is named and there is no default model
   */
  List<Named> systems() {
    Map<Path, Boolean> files = new LinkedHashMap<>();
    for (Choice choice : choices) {
      if (choice.model != null) {
        add(files, choice.model, true);
      } else if (choice.hypothesis != null) {
        add(files, choice.hypothesis, false);
      }
    }
    if (files.isEmpty()) {
      files.put(ModelOptions.defaultFile(), true);
    }
    List<Named> systems = new ArrayList<>();
    files.forEach(
        (file, isModel) -> systems.add(new Named(name(file, files.keySet()), file, isModel)));
    return systems;
  }

  private void add(Map<Path, Boolean> files, Path file, boolean isModel) {
    Usage.require(
        command,
        isModel || !isModelName(file),
        "--hypothesis " + file + " is a model; give it to --model");
    Usage.require(command, files.put(file, isModel) == null, file + " is given twice");
  }

  private static boolean isModelName(Path file) {
    return file.toString().endsWith(".bcq");
  }

  /** Returns the end of a path: as many of its names as no other path ends with. */
  private static String name(Path file, Collection<Path> all) {
    for (int length = 1; length < file.getNameCount(); length++) {
      String end = end(file, length);
      int names = length;
      if (all.stream().noneMatch(other -> !other.equals(file) && end(other, names).equals(end))) {
        return end;
      }
    }
    return end(file, file.getNameCount());
  }

  private static String end(Path file, int length) {
    int count = file.getNameCount();
    String end = length < count ? file.subpath(count - length, count).toString() : file.toString();
    return isModelName(file) ? end.substring(0, end.lastIndexOf('.')) : end;
  }
}
