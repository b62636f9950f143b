package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Usage;
import dev.bcq.console.Version;
import dev.bcq.pages.PageFile;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.LanguageException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.TranslatorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bcq-eval}. */
@Command(
    name = "bcq-eval",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = {
      "bcq-eval [--model FILE | --hypothesis FILE]... [OPTION...]",
      "         (--pairs FILE | [--source FILE] --reference FILE)"
    },
    description =
        "Measures how well systems translate, models or texts, and whether they differ: BLEU and"
            + " chrF as sacreBLEU computes them, cross-entropy per target token, paired bootstrap.",
    footer = {
      "",
      "Examples:",
      "  bcq-eval --model en-de.bcq --source test.en --reference test.de",
      "  bcq-eval --model float32.bcq --model 3.bcq --pairs test.tsv.gz --show-changes 10",
      "  bcq-eval --model float32.bcq --model 3.bcq --pairs valid.tsv.gz --no-translate",
      "  bcq-eval --hypothesis ours.de --hypothesis theirs.de --reference test.de --chrf-word-order 2",
      "  bcq-eval --model 3.bcq --hypothesis theirs.de --pairs test.tsv.gz --json > result.json",
      "  bcq-eval --model float32.bcq --model 3mb.bcq --model 4mb.bcq --pairs test.tsv.gz --report sizes.html",
      "",
      "What the figures mean, and how to compare models: docs/evaluation.md"
    })
public final class EvalCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final SystemOptions systemOptions = new SystemOptions();
  @Mixin private final TestSetOptions testSet = new TestSetOptions();
  @Mixin private final MetricOptions metrics = new MetricOptions();

  @Option(
      names = "--no-translate",
      description = "Cross-entropy only, which takes a fraction of the time.")
  private boolean scoreOnly;

  @Option(
      names = "--show-changes",
      paramLabel = "N",
      description = "Show the N sentences that changed most from the first system to each other.")
  private int changes;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description =
          "Write the translations of each model to FOLDER/NAME.txt, in place of what is there.")
  private @Nullable Path output;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots of quality against size, in place of what is there.")
  private @Nullable Path page;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final KernelOptions kernels = new KernelOptions();
  @Mixin private final DecodingOptions decoding = new DecodingOptions();
  @Mixin private final BatchingOptions batching = new BatchingOptions();

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new EvalCommand(), args);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    TranslationOptions options = decoding.options(1);
    BatchOptions batch = batching.options();
    TranslatorOptions computed = kernels.options();
    List<SystemOptions.Named> systems = systemOptions.systems();
    checkUsage(systems);
    PageFile file = page == null ? null : new PageFile(page, true);
    if (file != null) {
      file.check();
    }
    TestSet test = testSet.read();
    List<SystemResult> results;
    try {
      results =
          new SystemEvaluation(test, metrics, !scoreOnly, output, computed, options, batch)
              .run(systems);
    } catch (LanguageException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
    EvaluationReport report =
        new EvaluationReport(
            test, metrics.bleu(), metrics.chrf(), metrics.bootstrap(), results, changes);
    new StandardOutput()
        .write(json ? new EvaluationJson(report).render() : new EvaluationText(report).render());
    if (file != null) {
      file.write(new EvaluationPage(report, Usage.typed(spec)).page());
    }
    return CommandLine.ExitCode.OK;
  }

  private void checkUsage(List<SystemOptions.Named> systems) {
    boolean texts = systems.stream().anyMatch(system -> !system.isModel());
    boolean models = systems.stream().anyMatch(SystemOptions.Named::isModel);
    testSet.check(models);
    metrics.check();
    Usage.require(
        spec, !scoreOnly || !texts, "--no-translate leaves nothing to measure of --hypothesis");
    Usage.require(
        spec,
        output == null || (models && !scoreOnly),
        "--output writes what models translate, and none does");
    Usage.range(spec, "--show-changes", changes, 0, Integer.MAX_VALUE);
    Usage.require(
        spec,
        changes == 0 || systems.size() > 1,
        "--show-changes compares systems, and there is one; name another with --model or"
            + " --hypothesis");
  }
}
