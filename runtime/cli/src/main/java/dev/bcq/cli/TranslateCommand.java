package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Terminal;
import dev.bcq.console.Version;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bcq-translate}. */
@Command(
    name = "bcq-translate",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Translates texts, or the lines of standard input.",
    footer = {
      "",
      "Examples:",
      "  bcq-translate 'Where is the station?'",
      "  bcq-translate --model en-de.bcq --beam 8 --nbest 3 --scores < news.en",
      "  bcq-translate --json 'Good morning.' | jq -r '.hypotheses[0].text'",
      "  bcq-translate --score-target news.de < news.en"
    })
public final class TranslateCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final DecodingOptions decoding = new DecodingOptions();

  @Option(
      names = "--nbest",
      paramLabel = "N",
      description = "Translations per segment (default: 1).")
  private @Nullable Integer nbest;

  @Option(names = "--scores", description = "Print the score in front of each translation.")
  private boolean scores;

  @Option(names = "--json", description = "Print one JSON object per segment.")
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

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Texts; standard input if there are none.")
  private List<String> texts = new ArrayList<>();

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new TranslateCommand(), args);
  }

  @Override
  public Integer call() throws IOException {
    TranslationOptions options = decoding.options(nbest);
    Iterator<String> targets = scoreTarget == null ? null : TextFile.lines(scoreTarget).iterator();
    try (Translator translator = model.open()) {
      if (!texts.isEmpty()) {
        for (String text : texts) {
          segment(translator, options, text, targets);
        }
      } else {
        BufferedReader in = Terminal.reader(System.in);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          segment(translator, options, line, targets);
        }
      }
    }
    if (targets != null && targets.hasNext()) {
      throw new CommandException(scoreTarget + " has more lines than there are sources");
    }
    return CommandLine.ExitCode.OK;
  }

  private void segment(
      Translator translator,
      TranslationOptions options,
      String text,
      @Nullable Iterator<String> targets)
      throws JsonProcessingException {
    if (targets == null) {
      Translation translation =
          ids
              ? translator.translate(TokenIds.parse(text), options)
              : translator.translate(text, options);
      System.out.print(
          json ? JSON.writeValueAsString(tree(text, translation)) + "\n" : plain(translation));
    } else {
      if (!targets.hasNext()) {
        throw new CommandException(scoreTarget + " has fewer lines than there are sources");
      }
      score(translator, options, text, targets.next());
    }
    System.out.flush();
    if (System.out.checkError()) {
      // Whoever read this has gone away.
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
  }

  private String plain(Translation translation) {
    StringBuilder lines = new StringBuilder();
    for (TargetText hypothesis : translation.hypotheses()) {
      if (scores) {
        lines.append(String.format(Locale.ROOT, "%.4f\t", hypothesis.score()));
      }
      lines.append(ids ? join(hypothesis.ids()) : hypothesis.text()).append('\n');
    }
    return lines.toString();
  }

  private static String join(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private Map<String, Object> tree(String text, Translation translation) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", text);
    tree.put("ids", translation.sourceIds());
    tree.put(
        "hypotheses",
        translation.hypotheses().stream()
            .map(
                hypothesis -> {
                  Map<String, Object> entry = new LinkedHashMap<>();
                  entry.put("text", hypothesis.text());
                  entry.put("score", hypothesis.score());
                  entry.put("ids", hypothesis.ids());
                  return entry;
                })
            .toList());
    return tree;
  }

  private void score(Translator translator, TranslationOptions options, String text, String target)
      throws JsonProcessingException {
    int[] source = ids ? TokenIds.parse(text) : translator.sourceIds(text, options);
    int[] wanted = ids ? TokenIds.parse(target) : translator.targetIds(target);
    if (source.length == 0) {
      throw new CommandException("an empty source has no scores: '" + text + "'");
    }
    TargetScore score = translator.score(source, wanted, options);
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("source", text);
      tree.put("target", target);
      tree.put("targetIds", score.targetIds());
      tree.put("targetLogProbabilities", score.logProbabilities());
      tree.put("score", score.score());
      System.out.print(JSON.writeValueAsString(tree) + "\n");
    } else {
      String logProbabilities =
          score.logProbabilities().stream()
              .map(value -> String.format(Locale.ROOT, "%.4f", value))
              .collect(Collectors.joining(" "));
      System.out.printf(Locale.ROOT, "%.4f\t%s%n", score.score(), logProbabilities);
    }
  }
}
