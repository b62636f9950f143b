package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Terminal;
import dev.bcq.console.TextFile;
import dev.bcq.console.Usage;
import dev.bcq.console.Version;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.LanguageException;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bcq-translate}. */
@Command(
    name = "bcq-translate",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Translates texts, the lines of a file or of standard input, or what is typed at a prompt.",
    footer = {
      "",
      "Examples:",
      "  bcq-translate 'Where is the station? I have to hurry.'",
      "  bcq-translate --model en-de.bcq --beam 8 --nbest 3 --scores < news.en",
      "  bcq-translate --input book.en --output book.de",
      "  bcq-translate --json 'Good morning.' | jq -r .text",
      "  bcq-translate --score-target news.de < news.en"
    })
public final class TranslateCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final KernelOptions kernels = new KernelOptions();
  @Mixin private final DecodingOptions decoding = new DecodingOptions();
  @Mixin private final BatchingOptions batching = new BatchingOptions();

  @Option(
      names = "--split",
      paramLabel = "sentences|none",
      description =
          "Whether texts are translated sentence by sentence"
              + " (default: sentences for TEXT and at the prompt, none for lines).")
  private @Nullable Split split;

  @Option(
      names = "--nbest",
      paramLabel = "N",
      description = "Translations per segment (default: 1).")
  private @Nullable Integer nbest;

  @Option(names = "--scores", description = "Print the score in front of each translation.")
  private boolean scores;

  @Option(names = "--json", description = "Print one JSON object per text or line.")
  private boolean json;

  @Option(
      names = "--ids",
      description = "Read and print token ids in place of text; nothing is added to them.")
  private boolean ids;

  @Option(
      names = "--score-target",
      paramLabel = "FILE",
      description = "Print how probable the lines of FILE are as targets.")
  private @Nullable Path scoreTarget;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Translate the lines of FILE; may be .gz.")
  private @Nullable Path input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "With --input: write FILE when all is translated;"
              + " the same command goes on after an interruption.")
  private @Nullable Path output;

  @Option(names = "--force", description = "Replace an existing output.")
  private boolean force;

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Texts; standard input if there are none.")
  private List<String> texts = new ArrayList<>();

  /** How a text is cut into segments. */
  private enum Split {
    SENTENCES,
    NONE
  }

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new TranslateCommand(), args);
  }

  @Override
  public Integer call() throws IOException {
    TranslationOptions options = decoding.options(nbest);
    BatchOptions batch = batching.options();
    checkUsage();
    try (Translator translator = Translator.open(model.file(), kernels.options())) {
      if (scoreTarget != null) {
        score(translator, options, scoreTarget);
      } else if (!texts.isEmpty()) {
        StandardOutput out = new StandardOutput();
        for (String text : texts) {
          out.write(translated(translator, options, batch, text));
        }
      } else if (input == null && Terminal.isInput() && Terminal.isOutput()) {
        new Prompt(translator.directory().info())
            .run(
                (text, handle) ->
                    translated(translator, options, batch.withCancellation(handle), text));
      } else {
        lines(translator, options, batch);
      }
    } catch (LanguageException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
    return CommandLine.ExitCode.OK;
  }

  private void checkUsage() {
    Usage.require(spec, texts.isEmpty() || input == null, "give either TEXT or --input, not both");
    Usage.require(spec, output == null || input != null, "--output needs --input");
    Usage.require(spec, !force || output != null, "--force needs --output");
    Usage.require(
        spec, !ids || split != Split.SENTENCES, "--ids has no sentences; leave --split out");
    Usage.require(
        spec,
        scoreTarget == null || (input == null && split == null),
        "--score-target takes no --input, --output or --split");
  }

  private Rendering rendering() {
    return new Rendering(json, scores, ids, nbest != null && nbest > 1);
  }

  private String translated(
      Translator translator, TranslationOptions options, BatchOptions batch, String text) {
    if (ids) {
      List<int[]> source = List.of(TokenIds.parse(text));
      return rendering().segment(text, translator.translateAllIds(source, options, batch).get(0));
    }
    return split == Split.NONE
        ? rendering().segment(text, translator.translateAll(List.of(text), options, batch).get(0))
        : rendering().text(text, translator.translateText(text, options, batch));
  }

  private void lines(Translator translator, TranslationOptions options, BatchOptions batch)
      throws IOException {
    try (BufferedReader reader = input == null ? Terminal.reader(System.in) : TextFile.open(input);
        LineProgress progress = LineProgress.of(input, output != null)) {
      LineTranslation.Watcher watcher = progress == null ? line -> {} : progress;
      if (output == null) {
        translation(translator, options, batch, new StandardOutput(), watcher)
            .run(new LineSource(reader), 0);
        return;
      }
      try (ResumableFile file = ResumableFile.open(output, work(options), force)) {
        for (long i = 0; i < file.finishedLines(); i++) {
          String line = reader.readLine();
          if (progress != null && line != null) {
            progress.skip(line);
          }
        }
        translation(translator, options, batch, file, watcher)
            .run(new LineSource(reader), file.finishedLines());
        file.commit();
      }
    }
  }

  private LineTranslation translation(
      Translator translator,
      TranslationOptions options,
      BatchOptions batch,
      Output to,
      LineTranslation.Watcher watcher) {
    return new LineTranslation(
        translator, options, batch, rendering(), split == Split.SENTENCES, to, watcher);
  }

  /** Returns everything that the output depends on. */
  private String work(TranslationOptions options) throws IOException {
    return String.join(
        "; ",
        version(Objects.requireNonNull(input)),
        version(model.file()),
        String.valueOf(kernels.arithmetic()),
        String.valueOf(options),
        String.valueOf(split),
        String.valueOf(rendering()),
        Version.NUMBER);
  }

  private static String version(Path file) throws IOException {
    return String.format(
        Locale.ROOT,
        "%s of %d bytes, %s",
        file.toRealPath(),
        Files.size(file),
        Files.getLastModifiedTime(file).toInstant());
  }

  private void score(Translator translator, TranslationOptions options, Path targetFile)
      throws IOException {
    Iterator<String> targets = TextFile.lines(targetFile).iterator();
    StandardOutput out = new StandardOutput();
    if (!texts.isEmpty()) {
      for (String text : texts) {
        out.write(scored(translator, options, text, targets));
      }
    } else {
      BufferedReader in = Terminal.reader(System.in);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(scored(translator, options, line, targets));
      }
    }
    if (targets.hasNext()) {
      throw new CommandException(targetFile + " has more lines than there are sources");
    }
  }

  private String scored(
      Translator translator, TranslationOptions options, String text, Iterator<String> targets) {
    if (!targets.hasNext()) {
      throw new CommandException(scoreTarget + " has fewer lines than there are sources");
    }
    String target = targets.next();
    int[] source = ids ? TokenIds.parse(text) : translator.sourceIds(text, options);
    int[] wanted = ids ? TokenIds.parse(target) : translator.targetIds(target, options);
    if (source.length == 0) {
      throw new CommandException("an empty source has no scores: '" + text + "'");
    }
    TargetScore score = translator.score(source, wanted, options);
    return rendering().score(text, target, score);
  }
}
