package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Commands.Outcome;
import dev.bcq.converter.checkpoint.TinyTokenizer;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options that divide bits. */
class AllocationCommandTest {
  /**
   * Enough that a tile of the embedding is less than a hundredth of the file; the last is short.
   */
  private static final int VOCABULARY = 1001;

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
    double former = Double.POSITIVE_INFINITY;
    for (long budget = 28_000; budget <= 58_000; budget += 5_001) {
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

  @Test
  void planGivesTheModelOfTheRunThatSavedIt() throws IOException {
    String pairs = sentences(20);
    Path plan = folder.resolve("plan.json");
    for (String[] options :
        new String[][] {
          {"--target-bits", "3.3", "--calibrate", pairs},
          {"--target-size", "40kB", "--group", "64", "--no-offset"}
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
    for (String most : List.of("0.0005", "0.001", "0.01")) {
      Outcome outcome = run("--json", "--force", "--max-loss", most, "--calibrate", pairs);
      JsonNode size = chosen(outcome.succeeds().json());
      assertTrue(size.path("loss").asDouble() <= Double.parseDouble(most), "" + size);
      assertTrue(Files.size(model) < former, Files.size(model) + " bytes, with less " + former);
      former = Files.size(model);
    }
  }

  @Test
  void withoutSentencesTheTableSaysThatLossesAreAssumed() {
    Outcome outcome = run("--target-size", "40kB").succeeds();
    assertTrue(outcome.out().contains("loss assumed"), outcome.out());
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

  @Test
  void aPlanThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    String plan = folder.resolve("none/p.json").toString();
    assertRefused(1, "does not exist", "--target-bits", "3", "--save-plan", plan);
  }
}
