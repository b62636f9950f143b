package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandException;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Progress;
import dev.bcq.console.TextFile;
import dev.bcq.console.Usage;
import dev.bcq.console.Version;
import dev.bcq.evaluation.Bleu;
import dev.bcq.evaluation.CrossEntropy;
import dev.bcq.evaluation.SentencePairs;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bcq-eval}. */
@Command(
    name = "bcq-eval",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures how well a model translates: BLEU and cross-entropy per target token.",
    footer = {
      "",
      "Examples:",
      "  bcq-eval --model en-de.bcq --source test.en --reference test.de",
      "  bcq-eval --model en-de.bcq --pairs test.tsv.gz --first 500 --hypothesis out.de",
      "",
      "BLEU is that of sacreBLEU: " + Bleu.SIGNATURE
    })
public final class EvalCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final DecodingOptions decoding = new DecodingOptions();

  @Option(names = "--source", paramLabel = "FILE", description = "Lines to translate.")
  private @Nullable Path source;

  @Option(names = "--reference", paramLabel = "FILE", description = "Their translations.")
  private @Nullable Path reference;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "Lines SOURCE<TAB>REFERENCE; the first of each source counts. May be .gz.")
  private @Nullable Path pairsFile;

  @Option(names = "--first", paramLabel = "N", description = "Only the first N of --pairs.")
  private @Nullable Integer first;

  @Option(names = "--hypothesis", paramLabel = "FILE", description = "Write the translations.")
  private @Nullable Path hypothesis;

  @Option(
      names = "--no-translate",
      description = "Cross-entropy only, which takes a fraction of the time.")
  private boolean scoreOnly;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  private record Result(String text, TargetScore score) {}

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new EvalCommand(), args);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    TranslationOptions options = decoding.options(1);
    SentencePairs pairs = pairs();
    List<String> hypotheses = new ArrayList<>();
    CrossEntropy entropy = new CrossEntropy();
    try (Translator translator = model.open()) {
      for (Result result : evaluate(translator, options, pairs)) {
        hypotheses.add(result.text());
        entropy.add(result.score());
      }
      write(hypotheses);
      Bleu.Score bleu = scoreOnly ? null : Bleu.corpus(hypotheses, pairs.references());
      System.out.print(
          json
              ? new ObjectMapper().writeValueAsString(tree(pairs.size(), entropy, bleu)) + "\n"
              : plain(pairs.size(), entropy, bleu));
    }
    return CommandLine.ExitCode.OK;
  }

  private SentencePairs pairs() {
    boolean files = source != null && reference != null;
    Usage.require(
        spec,
        files != (pairsFile != null) && (source == null) == (reference == null),
        "give either --source and --reference, or --pairs");
    Usage.require(spec, first == null || pairsFile != null, "--first needs --pairs");
    Usage.range(spec, "--first", first, 1, Integer.MAX_VALUE);
    return pairsFile != null
        ? SentencePairs.read(pairsFile, Objects.requireNonNullElse(first, Integer.MAX_VALUE))
        : pairs(Objects.requireNonNull(source), Objects.requireNonNull(reference));
  }

  private static SentencePairs pairs(Path source, Path reference) {
    List<String> sources = TextFile.lines(source);
    List<String> references = TextFile.lines(reference);
    if (sources.size() != references.size()) {
      throw new CommandException(
          "%s has %d lines, %s has %d"
              .formatted(source, sources.size(), reference, references.size()));
    }
    if (sources.isEmpty()) {
      throw new CommandException("there is nothing to translate");
    }
    return new SentencePairs(sources, references);
  }

  private List<Result> evaluate(
      Translator translator, TranslationOptions options, SentencePairs pairs) {
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (Progress progress = Progress.of("evaluating", pairs.size(), " sentences", 1)) {
      List<Future<Result>> futures = new ArrayList<>();
      for (int i = 0; i < pairs.size(); i++) {
        String text = pairs.sources().get(i);
        String wanted = pairs.references().get(i);
        futures.add(workers.submit(() -> result(translator, options, text, wanted)));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> future : futures) {
        results.add(future.get());
        progress.add(1);
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    } finally {
      workers.shutdownNow();
    }
  }

  private Result result(
      Translator translator, TranslationOptions options, String text, String wanted) {
    int[] ids = translator.sourceIds(text, options);
    TargetScore score = translator.score(ids, translator.targetIds(wanted), options);
    return new Result(scoreOnly ? "" : translator.translate(ids, options).best().text(), score);
  }

  private void write(List<String> hypotheses) {
    if (hypothesis != null) {
      try {
        Files.write(hypothesis, hypotheses, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new CommandException(hypothesis + " cannot be written: " + e.getMessage(), e);
      }
    }
  }

  private static String plain(int sentences, CrossEntropy entropy, Bleu.@Nullable Score bleu) {
    String text =
        String.format(
            Locale.ROOT,
            "sentences      %d%ncross-entropy  %.4f per target token (%d tokens)%n",
            sentences,
            entropy.perToken(),
            entropy.tokens());
    if (bleu == null) {
      return text;
    }
    return text
        + String.format(
            Locale.ROOT,
            "BLEU           %.2f (%.1f/%.1f/%.1f/%.1f, brevity penalty %.3f, length %d, reference %d)%n",
            bleu.bleu(),
            bleu.precisions().get(0),
            bleu.precisions().get(1),
            bleu.precisions().get(2),
            bleu.precisions().get(3),
            bleu.brevityPenalty(),
            bleu.systemLength(),
            bleu.referenceLength());
  }

  private static Map<String, Object> tree(
      int sentences, CrossEntropy entropy, Bleu.@Nullable Score bleu) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sentences", sentences);
    tree.put("crossEntropy", entropy.perToken());
    tree.put("targetTokens", entropy.tokens());
    if (bleu != null) {
      tree.put("bleu", bleu.bleu());
      tree.put("precisions", bleu.precisions());
      tree.put("brevityPenalty", bleu.brevityPenalty());
      tree.put("systemLength", bleu.systemLength());
      tree.put("referenceLength", bleu.referenceLength());
      tree.put("signature", Bleu.SIGNATURE);
    }
    return tree;
  }
}
