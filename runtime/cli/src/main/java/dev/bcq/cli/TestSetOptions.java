package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import dev.bcq.console.Usage;
import dev.bcq.evaluation.SentencePairs;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which sentences systems are evaluated on. */
final class TestSetOptions {

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--source",
      paramLabel = "FILE",
      description = "Lines to translate; texts are evaluated without. May be .gz.")
  private @Nullable Path source;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "How they should be translated. May be .gz.")
  private @Nullable Path reference;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description =
          "In place of both: lines SOURCE<TAB>REFERENCE; the first of each source counts."
              + " May be .gz.")
  private @Nullable Path pairs;

  @Option(names = "--first", paramLabel = "N", description = "Only the first N sentences.")
  private @Nullable Integer first;

  /**
   * Checks the options.
   *
   * @param needsSources whether a model is evaluated
   * @throws ParameterException if they do not fit together
   */
  void check(boolean needsSources) {
    Usage.require(
        command,
        (reference != null) != (pairs != null) && (source == null || reference != null),
        "give either --source and --reference, or --pairs");
    Usage.require(
        command,
        !needsSources || source != null || pairs != null,
        "a model has to know what to translate: give --source beside --reference, or --pairs");
    Usage.range(command, "--first", first, 1, Integer.MAX_VALUE);
  }

  /**
   * Reads the sentences.
   *
   * @throws CommandException if a file cannot be read, has nothing in it, or not as many lines as
   *     the other
   */
  TestSet read() {
    int most = Objects.requireNonNullElse(first, Integer.MAX_VALUE);
    if (pairs != null) {
      SentencePairs all = SentencePairs.read(pairs);
      SentencePairs some = all.first(most);
      return new TestSet(some.sources(), some.references(), all.size());
    }
    List<String> references = TextFile.lines(Objects.requireNonNull(reference));
    List<String> sources = source == null ? null : TextFile.lines(source);
    if (sources != null && sources.size() != references.size()) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "%s has %d lines, %s has %d; expected as many references as sources",
              source,
              sources.size(),
              reference,
              references.size()));
    }
    if (references.isEmpty()) {
      throw new CommandException(reference + " is empty: there is nothing to evaluate");
    }
    int size = Math.min(most, references.size());
    return new TestSet(
        sources == null ? null : sources.subList(0, size),
        references.subList(0, size),
        references.size());
  }
}
