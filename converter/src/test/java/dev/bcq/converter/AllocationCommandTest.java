package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Commands.Outcome;
import dev.bcq.converter.allocate.PlanFile;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options that divide bits. */
class AllocationCommandTest {
  /** Not a multiple of 16: the last tile of the embedding is short. */
  private static final int VOCABULARY = 301;

  /** Enough that a step of any matrix is less than a hundredth of the file. */
  private static final int LARGE_VOCABULARY = 1001;

  @TempDir Path folder;
  private Path model = Path.of("");
  private Path checkpoint = Path.of("");

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = new TinyCheckpoint(1, VOCABULARY).writeWithTokenizer(folder.resolve("tiny"));
    model = Files.createDirectories(folder.resolve("out")).resolve("model.bcq");
  }

  private String sentences(int count) {
    return TinyTokenizer.sentences(folder.resolve("p.tsv"), count, "\t").toString();
  }

  private Outcome run(String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.add(checkpoint.toString());
    args.add(model.toString());
    return Commands.convert(args.toArray(String[]::new));
  }

  private void assertRefused(int code, String message, String... options) throws IOException {
    run(options).fails(code, message);
    assertEquals(List.of(), files());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static JsonNode chosen(JsonNode report) {
    JsonNode chosen = null;
    for (JsonNode size : report.path("sizes")) {
      if (size.path("chosen").asBoolean()) {
        assertTrue(chosen == null, "two sizes are chosen: " + report.path("sizes"));
        chosen = size;
      }
    }
    if (chosen == null) {
      throw new AssertionError("no size is chosen: " + report.path("sizes"));
    }
    return chosen;
  }

  /** Sizes fall, and with them what is predicted rises. */
  private static void assertFalling(JsonNode sizes) {
    for (int i = 1; i < sizes.size(); i++) {
      JsonNode larger = sizes.get(i - 1);
      JsonNode size = sizes.get(i);
      assertTrue(size.path("fileBytes").asLong() < larger.path("fileBytes").asLong(), "" + sizes);
      assertTrue(
          size.path("predictedLoss").asDouble() > larger.path("predictedLoss").asDouble(),
          "" + sizes);
    }
  }

  @Test
  void filesAreWithinOneHundredthBelowTheBudgetAndLoseLessTheLargerTheyAre() throws IOException {
    checkpoint = new TinyCheckpoint(1, LARGE_VOCABULARY).write(folder.resolve("large"));
    double former = Double.POSITIVE_INFINITY;
    for (long budget = 28_000; budget <= 56_000; budget += 9_001) {
      Outcome outcome = run("--json", "--force", "--target-size", String.valueOf(budget));
      JsonNode size = chosen(outcome.succeeds().json());
      long foreseen = size.path("fileBytes").asLong();
      assertTrue(Files.size(model) <= foreseen, Files.size(model) + " of " + foreseen);
      assertTrue(foreseen <= budget, foreseen + " of " + budget);
      assertTrue(foreseen >= 0.99 * budget, foreseen + " of " + budget);
      double loss = size.path("predictedLoss").asDouble();
      assertTrue(loss < former, budget + " bytes lose " + loss + ", fewer lost " + former);
      former = loss;
      assertFalling(outcome.json().path("sizes"));
    }
  }

  /** Scales of such weights have four bytes. */
  @Test
  void tinyWeightsAreWithinTheBudgetToo() throws IOException {
    TinyCheckpoint small = new TinyCheckpoint(1, VOCABULARY);
    small.deviation = 0.0005f;
    checkpoint = small.write(folder.resolve("small"));
    JsonNode size = chosen(run("--json", "--target-size=25kB").succeeds().json());
    long foreseen = size.path("fileBytes").asLong();
    assertTrue(Files.size(model) <= foreseen, Files.size(model) + " of " + foreseen);
    assertTrue(foreseen <= 25_000, foreseen + " bytes");
  }

  @Test
  void planGivesTheModelOfTheRunThatSavedIt() throws IOException {
    String pairs = sentences(20);
    Path plan = folder.resolve("plan.json");
    for (String[] options :
        new String[][] {
          {"--target-bits", "3.3", "--calibrate", pairs},
          {"--target-size", "25kB", "--group", "64", "--no-offset"}
        }) {
      List<String> first = new ArrayList<>(List.of(options));
      first.addAll(List.of("--json", "--force", "--save-plan", plan.toString()));
      JsonNode report = run(first.toArray(String[]::new)).succeeds().json();
      BcqDirectory expected = BcqFile.open(model).directory();
      Files.delete(model);
      List<String> again = new ArrayList<>(List.of("--json", "--plan", plan.toString()));
      if (List.of(options).contains("--calibrate")) {
        again.addAll(List.of("--calibrate", pairs));
      }
      JsonNode same = run(again.toArray(String[]::new)).succeeds().json();
      BcqDirectory found = BcqFile.open(model).directory();
      // With the place, the length and the checksum of each block; only the options differ.
      assertEquals(expected.matrices(), found.matrices());
      assertEquals(expected.tensors(), found.tensors());
      assertEquals(expected.tokenizer(), found.tokenizer());
      assertEquals(expected.samples(), found.samples());
      assertEquals(report.path("bitsPerWeight"), same.path("bitsPerWeight"));
      GoldenSamples.check(BcqFile.open(model)).forEach(sample -> assertTrue(sample.same()));
    }
  }

  @Test
  void bitsPerWeightAreKeptAndLossesMeasured() {
    Outcome outcome =
        run("--json", "--target-bits", "3.3", "--calibrate", sentences(20)).succeeds();
    JsonNode report = outcome.json();
    assertTrue(report.path("bitsPerWeight").asDouble() <= 3.3, outcome.out());
    assertTrue(report.path("bitsPerWeight").asDouble() > 3.2, outcome.out());
    for (JsonNode size : report.path("sizes")) {
      assertTrue(size.path("loss").asDouble() >= 0, outcome.out());
      assertTrue(size.path("crossEntropy").asDouble() > 0, outcome.out());
    }
    assertFalling(report.path("sizes"));
  }

  @Test
  void mostLossIsKeptByAFileThatIsSmallerTheMoreItMayLose() throws IOException {
    String pairs = sentences(20);
    long former = Long.MAX_VALUE;
    for (String most : List.of("0.0005", "0.01")) {
      Outcome outcome = run("--json", "--force", "--max-loss", most, "--calibrate", pairs);
      JsonNode size = chosen(outcome.succeeds().json());
      assertTrue(size.path("loss").asDouble() <= Double.parseDouble(most), "" + size);
      assertTrue(Files.size(model) < former, Files.size(model) + " bytes, with less " + former);
      former = Files.size(model);
    }
  }

  @Test
  void goalsThatCannotBeAreRefused() throws IOException {
    String pairs = sentences(12);
    assertRefused(2, "does not go with", "--bits", "3", "--target-bits", "3");
    assertRefused(2, "does not go with", "--target-size", "3MB", "--max-loss", "0.1");
    assertRefused(2, "needs --calibrate", "--max-loss", "0.1");
    assertRefused(2, "expected bytes", "--target-size", "3XB");
    assertRefused(2, "expected bits per weight", "--target-bits", "0");
    assertRefused(2, "--save-plan needs", "--save-plan", folder + "/p.json");
    assertRefused(1, "larger --target-size", "--target-size", "1000", "--calibrate", pairs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99999999999GB",
        "1000001GB",
        "-1MB",
        "0",
        "0.4",
        "0MB",
        "1e3MB",
        "NaN",
        "",
        "\u0663MB"
      })
  void sizesThatNoFileHasAreWrongUsage(String size) throws IOException {
    assertRefused(2, "expected ", "--target-size=" + size);
    assertRefused(2, "--target-size", "--target-size", size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-1", "0", "1000"})
  void bitsThatNoWeightHasAreWrongUsage(String bits) throws IOException {
    assertRefused(2, "expected bits per weight", "--target-bits=" + bits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-1", "0"})
  void lossesThatNoModelHasAreWrongUsage(String loss) throws IOException {
    assertRefused(2, "expected more than 0", "--max-loss=" + loss, "--calibrate", "p");
  }

  @Test
  void aDryRunWritesThePlanAndThePageAlone() throws IOException {
    Path plan = folder.resolve("out/plan.json");
    Path page = folder.resolve("out/page.html");
    run("--dry-run", "--target-bits=3", "--save-plan=" + plan, "--report=" + page).succeeds();
    assertEquals(List.of("page.html", "plan.json"), files());
    assertTrue(PlanFile.read(plan).divisions().containsKey("embedding.weight"));
  }

  @Test
  void noFileIsWrittenOverAnother() throws IOException {
    String page = folder.resolve("out/page.html").toString();
    String[] same = {"--force", "--target-bits=3", "--save-plan"};
    assertRefused(2, "is the output", same[0], same[1], same[2], model.toString());
    assertRefused(2, "is the page", same[0], same[1], same[2], page, "--report", page);
  }

  /** One plane of everything is the least there is, eight planes are the most. */
  @Test
  void noPlanIsTwiceInTheTable() {
    for (String bits : List.of("2.01", "15.9")) {
      JsonNode sizes =
          run("--json", "--dry-run", "--target-bits", bits).succeeds().json().path("sizes");
      assertFalling(sizes);
      assertTrue(sizes.size() < 7, sizes.toString());
    }
  }

  @Test
  void figuresAreTheSameInAllLanguages() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      String table = run("--dry-run", "--target-size=25kB").succeeds().out();
      assertTrue(table.contains("loss assumed"), table);
      assertTrue(table.matches("(?s).*\nchosen +[0-9]{2},[0-9]{3} +[0-9]\\.[0-9]{3} .*"), table);
      Locale.setDefault(Locale.of("ar", "EG"));
      Outcome refused = run("--dry-run", "--target-size=4kB");
      refused.fails(1, "bits per weight; expected a larger --target-size");
      String message = refused.err();
      assertTrue(
          message.matches("(?s).*has [0-9]{2},[0-9]{3} bytes, [0-9]\\.[0-9]{2} bits.*"), message);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aPlanThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    String plan = folder.resolve("none/p.json").toString();
    assertRefused(1, "does not exist", "--target-bits", "3", "--save-plan", plan);
  }
}
