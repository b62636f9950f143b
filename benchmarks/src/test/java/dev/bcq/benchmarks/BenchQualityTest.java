package dev.bcq.benchmarks;

import static dev.bcq.benchmarks.Commands.bench;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.benchmarks.Commands.Outcome;
import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SmallShapes;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import dev.bcq.evaluation.Bleu;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BLEU beside speed: {@code --pairs}. */
class BenchQualityTest {
  private static final Path MODEL = Path.of(System.getProperty("bcq.default.model", "none"));

  /** None of the references is what the model says, or BLEU could not tell beams apart. */
  private static final String PAIRS =
      """
      Good morning.\tEinen schönen guten Morgen.
      Where is the next station, please?\tWo ist bitte der nächste Bahnhof von hier?
      Where is the next station, please?\tThis one does not count.
      The children were playing in the garden all day.\tDie Kinder haben den ganzen Tag im Garten gespielt.
      I would like to have a cup of coffee.\tIch hätte gern eine Tasse Kaffee, bitte.
      """;

  @TempDir Path folder;

  private Path pairs() throws IOException {
    return Files.writeString(folder.resolve("pairs.tsv"), PAIRS);
  }

  private static Outcome quick(Path model, Object... args) {
    List<String> all = new ArrayList<>(List.of("--model", model.toString()));
    all.addAll(List.of("--warm-up", "0", "--rounds", "1", "--processes", "0"));
    all.addAll(List.of("--source-tokens", "3", "--target-tokens", "2"));
    Arrays.stream(args).map(String::valueOf).forEach(all::add);
    return bench(all.toArray(String[]::new));
  }

  private JsonNode json(Object... args) throws IOException {
    Path file = folder.resolve("report.json");
    List<Object> all = new ArrayList<>(List.of("--pairs", pairs(), "--json", file));
    all.addAll(Arrays.asList(args));
    quick(MODEL, all.toArray()).succeeds();
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Returns BLEU of what a translator makes of the first pairs. */
  private static double bleu(Arithmetic arithmetic, int beam, int first) {
    List<List<String>> pairs =
        PAIRS
            .lines()
            .filter(line -> !line.endsWith("not count."))
            .limit(first)
            .map(line -> List.of(line.split("\t")))
            .toList();
    GenerationSettings settings = GenerationSettings.builder().beams(beam).build();
    try (Translator translator =
        Translator.open(MODEL, TranslatorOptions.DEFAULT.withArithmetic(arithmetic))) {
      List<String> hypotheses =
          translator
              .translateAll(
                  pairs.stream().map(pair -> pair.get(0)).toList(),
                  TranslationOptions.of(settings),
                  BatchOptions.DEFAULT)
              .stream()
              .map(translation -> translation.best().text())
              .toList();
      return Bleu.DEFAULT
          .statistics(hypotheses, pairs.stream().map(pair -> pair.get(1)).toList())
          .score();
    }
  }

  @Test
  void bleuIsThatOfTheTranslatorsOwnOutput() throws IOException {
    JsonNode results =
        json("--kernels", "scalar,auto", "--arithmetic", "fast,exact", "--beam", "1,4")
            .get("results");
    for (JsonNode result : results) {
      double expected =
          bleu(
              result.get("arithmetic").asText().equals("fast") ? Arithmetic.FAST : Arithmetic.EXACT,
              result.get("beam").asInt(),
              Integer.MAX_VALUE);
      assertEquals(expected, result.get("bleu").asDouble(), result.toString());
      assertTrue(expected > 0 && expected < 100, "BLEU of " + expected + " tells nothing apart");
    }
    assertTrue(results.size() == 8 || results.size() == 4, results.toString());
  }

  @Test
  void theHeaderTellsHowManySentencesAndWhichBleu() throws IOException {
    JsonNode report = json("--beam", "1", "--first", "2");
    assertEquals(2, report.get("header").get("bleuSentences").asInt());
    assertEquals(Bleu.DEFAULT.signature(), report.get("header").get("bleuSignature").asText());
    double first = report.get("results").get(0).get("bleu").asDouble();
    assertEquals(bleu(Arithmetic.FAST, 1, 2), first);
    assertNotEquals(bleu(Arithmetic.FAST, 1, Integer.MAX_VALUE), first);
  }

  @Test
  void tableAndPageHaveAColumnOnlyWhereThereIsBleu() throws IOException {
    Path page = folder.resolve("page.html");
    String with =
        quick(MODEL, "--beam", "1", "--pairs", pairs(), "--report", page).succeeds().out();
    assertTrue(with.contains("BLEU          of 4 sentences; " + Bleu.DEFAULT.signature()), with);
    assertTrue(with.lines().anyMatch(line -> line.matches("model .* BLEU")), with);
    assertTrue(with.lines().anyMatch(line -> line.matches("en-de .* \\d+\\.\\d\\d")), with);
    assertTrue(Files.readString(page).contains(">BLEU</th>"));
    assertFalse(quick(MODEL, "--beam", "1", "--report", page).succeeds().out().contains("BLEU"));
    assertFalse(Files.readString(page).contains("BLEU"));
  }

  @Test
  void aModelWithoutTokenizerIsRefusedBeforeItIsMeasured() throws IOException {
    Path model = folder.resolve("small.bcq");
    SyntheticModel.write(model, SmallShapes.t5(), Precision.parse("3"), 1);
    quick(model, "--pairs", pairs())
        .fails(1, "a model without tokenizer cannot read the lines of --pairs");
  }
}
