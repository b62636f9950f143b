package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextFile;
import dev.bcq.evaluation.SentencePairs;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sentences that systems are evaluated on.
 *
 * @param sources what models translate, or null if it is not known
 * @param references a translation of each
 * @param total how many sentences there are in the file; these are the first of them
 */
record TestSet(@Nullable List<String> sources, List<String> references, int total) {

  /** Returns the number of sentences. */
  int size() {
    return references.size();
  }

  /** Returns sources and references; both are known. */
  SentencePairs pairs() {
    return new SentencePairs(Objects.requireNonNull(sources), references);
  }

  /**
   * Returns the translations in a file: a line for each sentence, or for each in the file of the
   * references.
   *
   * @throws CommandException if it cannot be read or has another number of lines
   */
  List<String> hypotheses(Path file) {
    List<String> lines = TextFile.lines(file);
    if (lines.size() != size() && lines.size() != total) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "%s has %d lines; expected %d, one for each sentence that is evaluated",
              file,
              lines.size(),
              size()));
    }
    return lines.subList(0, size());
  }
}
