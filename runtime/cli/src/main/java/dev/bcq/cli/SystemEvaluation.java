package dev.bcq.cli;

import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.console.CommandException;
import dev.bcq.console.Progress;
import dev.bcq.evaluation.CorpusStatistics;
import dev.bcq.evaluation.CrossEntropy;
import dev.bcq.evaluation.ModelOutput;
import dev.bcq.evaluation.ModelRun;
import dev.bcq.evaluation.PairedBootstrap;
import dev.bcq.evaluation.TextMetric;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates systems on the same sentences.
 *
 * @param test the sentences
 * @param metrics how hypotheses are compared with references
 * @param translate whether models translate, or score the references alone
 * @param output folder that gets the translations, or null
 * @param kernels what computes models
 * @param options how models search
 * @param batch how much is computed at a time
 */
record SystemEvaluation(
    TestSet test,
    MetricOptions metrics,
    boolean translate,
    @Nullable Path output,
    TranslatorOptions kernels,
    TranslationOptions options,
    BatchOptions batch) {

  /** A system whose file is read: a model, or lines. */
  private record Ready(
      SystemOptions.Named named, @Nullable BcqFile model, @Nullable List<String> lines) {}

  /**
   * Returns what is found, in the order of the systems.
   *
   * @throws CommandException if a file cannot be used; before anything is translated
   */
  List<SystemResult> run(List<SystemOptions.Named> systems) {
    List<Ready> all = systems.stream().map(this::ready).toList();
    prepareOutput();
    long models = all.stream().filter(system -> system.model() != null).count();
    List<SystemResult> results = new ArrayList<>();
    try (Progress progress = Progress.of("evaluating", models * test.size(), " sentences", 1)) {
      for (Ready system : all) {
        progress.note(system.named().name());
        results.add(
            system.model() == null
                ? text(system.named().name(), Objects.requireNonNull(system.lines()))
                : model(system.named().name(), system.model(), progress));
      }
    }
    return results;
  }

  private Ready ready(SystemOptions.Named named) {
    if (!named.isModel()) {
      return new Ready(named, null, test.hypotheses(named.file()));
    }
    BcqFile file = BcqFile.open(named.file());
    if (file.directory().tokenizer() == null) {
      throw new CommandException(
          named.file() + " has no tokenizer; texts cannot be evaluated with it");
    }
    return new Ready(named, file, null);
  }

  private SystemResult text(String name, List<String> lines) {
    return new SystemResult(
        name,
        null,
        null,
        null,
        lines,
        null,
        figure(metrics.bleu(), lines),
        figure(metrics.chrf(), lines),
        null);
  }

  private SystemResult model(String name, BcqFile file, Progress progress) {
    ModelOutput found;
    try (Translator translator = Translator.of(file, kernels)) {
      found =
          new ModelRun(translator, options, batch)
              .evaluate(test.pairs(), translate, () -> progress.add(1));
    } catch (CommandException e) {
      throw new CommandException(name + ": " + e.getMessage(), e);
    }
    List<String> hypotheses = translate ? found.hypotheses() : null;
    if (hypotheses != null) {
      write(name, hypotheses);
    }
    return new SystemResult(
        name,
        BitsOrigin.of(file.directory().provenance().options()),
        file.length(),
        new ModelSizes(file.directory()).bitsPerWeight(),
        hypotheses,
        found.scores(),
        hypotheses == null ? null : figure(metrics.bleu(), hypotheses),
        hypotheses == null ? null : figure(metrics.chrf(), hypotheses),
        figure(CrossEntropy.statistics(found.scores())));
  }

  private Figure figure(TextMetric metric, List<String> hypotheses) {
    return figure(metric.statistics(hypotheses, test.references()));
  }

  private Figure figure(CorpusStatistics statistics) {
    PairedBootstrap bootstrap = metrics.bootstrap();
    return new Figure(statistics, bootstrap == null ? null : bootstrap.resample(statistics));
  }

  private void prepareOutput() {
    if (output != null) {
      try {
        Files.createDirectories(output);
      } catch (IOException e) {
        throw new CommandException(output + " cannot be made a folder: " + e, e);
      }
    }
  }

  private void write(String name, List<String> hypotheses) {
    if (output != null) {
      Path file = output.resolve(name.replaceAll("[/\\\\:]", "_") + ".txt");
      try {
        Files.write(file, hypotheses, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new CommandException(file + " cannot be written: " + e.getMessage(), e);
      }
    }
  }
}
