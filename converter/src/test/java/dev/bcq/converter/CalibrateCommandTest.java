package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandRunner;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
  private static final List<String> WORDS =
      List.of("the", "weather", "is", "nice", "today", "how", "much", "Berlin", "she", "lives");

  @TempDir Path folder;
  private Path checkpoint = Path.of("");

  private record Outcome(int code, String out, String err) {}

  /** A tiny model with random weights that reads text as the model of the project does. */
  @BeforeEach
  void makeCheckpoint() throws IOException {
    Path model = Path.of(System.getProperty("bcq.root", "none"), "models", "en-de.bcq");
    Path dequantized = folder.resolve("dequantized");
    Dequantization.run(model, dequantized);
    int vocabulary = BcqFile.open(model).directory().config().sourceVocabulary();
    checkpoint = new TinyCheckpoint(1, vocabulary).write(folder.resolve("tiny"));
    try (Stream<Path> files = Files.list(dequantized)) {
      Path pieces =
          files
              .filter(file -> file.toString().matches(".*spm.*|.*spiece.*"))
              .sorted()
              .toList()
              .get(0);
      Files.copy(pieces, checkpoint.resolve("spiece.model"));
    }
    Files.createDirectories(folder.resolve("out"));
  }

  private Path sentences(String name, int count, String between) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String first = WORDS.get(i % 10) + " " + WORDS.get(i * 7 % 10) + " " + i;
      lines.add(between.isEmpty() ? first : first + between + WORDS.get(i * 3 % 10) + " " + i);
    }
    return Files.write(folder.resolve(name), lines);
  }

  private Outcome run(String... options) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      List<String> args = new ArrayList<>(List.of(options));
      args.add(checkpoint.toString());
      args.add(folder.resolve("out/model.bcq").toString());
      int code = CommandRunner.run(new ConvertCommand(), args.toArray(String[]::new));
      return new Outcome(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private void assertRefused(int code, String message, String... options) throws IOException {
    Outcome outcome = run(options);
    assertEquals(code, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void theReportSaysWhichCandidateWasTakenAndTheErrorOfEach() throws IOException {
    Outcome outcome =
        run("--bits", "2", "--json", "--calibrate", sentences("p.tsv", 30, "\t").toString());
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode report = new ObjectMapper().readTree(outcome.out());
    assertEquals(30, report.get("calibration").get("sentences").asInt());
    for (JsonNode matrix : report.get("matrices")) {
      JsonNode errors = matrix.get("outputErrors");
      assertEquals(3, errors.size(), matrix.toString());
      double taken = errors.get(matrix.get("solver").asText()).asDouble();
      errors.forEach(error -> assertTrue(taken <= error.asDouble(), matrix.toString()));
    }
    BcqFile file = BcqFile.open(folder.resolve("out/model.bcq"));
    file.verifyChecksums();
    GoldenSamples.check(file).forEach(sample -> assertTrue(sample.same()));
  }

  @Test
  void aModelThatIsNoTranslatorOfTheTargetsIsWarnedOf() throws IOException {
    Outcome outcome = run("--bits", "2", "--calibrate", sentences("p.tsv", 30, "\t").toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("perplexity on the calibration targets is "), outcome.err());
    assertTrue(outcome.out().contains("output error on held-out text"), outcome.out());
    assertTrue(outcome.out().contains("calibrated with 30 sentences"), outcome.out());
    assertTrue(outcome.out().contains("--calibrate p.tsv"), outcome.out());
  }

  @Test
  void theSameSentencesGiveTheSameBytesWithAnyNumberOfThreads() throws IOException {
    Path pairs = sentences("p.tsv", 40, "\t");
    byte[] first = null;
    for (int threads : new int[] {1, 2, 5}) {
      Path output = folder.resolve("threads.bcq");
      Conversion.run(Conversions.calibrated(checkpoint, output, "3", pairs, threads));
      byte[] bytes = Files.readAllBytes(output);
      first = first == null ? bytes : first;
      assertArrayEquals(first, bytes, threads + " threads");
    }
  }

  @Test
  void withoutTargetsTheModelTranslatesItself() throws IOException {
    Outcome outcome =
        run(
            "--bits",
            "2",
            "--max-tokens",
            "4",
            "--group",
            "64",
            "--offset",
            "--calibrate",
            sentences("s.txt", 12, "").toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("calibrated with 12 sentences"), outcome.out());
  }

  @Test
  void clustersOfDifferentPlanesAreCalibrated() throws IOException {
    Outcome outcome =
        run("--bits", "chung-kim", "--calibrate", sentences("p.tsv", 20, "\t").toString());
    assertEquals(0, outcome.code(), outcome.err());
    GoldenSamples.check(BcqFile.open(folder.resolve("out/model.bcq")))
        .forEach(sample -> assertTrue(sample.same()));
  }

  @Test
  void refusesWhatCannotServe() throws IOException {
    String pairs = sentences("p.tsv", 9, "\t").toString();
    assertRefused(1, "expected 10 at least", "--calibrate", pairs);
    assertRefused(1, "missing.txt does not exist", "--calibrate", folder + "/missing.txt");
    assertRefused(2, "needs --calibrate FILE", "--calibrate-target", pairs);
    assertRefused(2, "does not go with --calibrate", "--method", "greedy", "--calibrate", pairs);
    Files.delete(checkpoint.resolve("spiece.model"));
    assertRefused(1, "has no tokenizer", "--calibrate", pairs);
  }

  @Test
  void sizeIsKeptAndThePlanGivesTheSameFileAgain() throws IOException {
    String pairs = sentences("p.tsv", 20, "\t").toString();
    Path plan = folder.resolve("plan.json");
    Outcome divided =
        run("--json", "--target-bits", "3.3", "--calibrate", pairs, "--save-plan", plan.toString());
    assertEquals(0, divided.code(), divided.err());
    JsonNode report = new ObjectMapper().readTree(divided.out());
    assertTrue(report.path("bitsPerWeight").asDouble() <= 3.3, divided.out());
    assertTrue(report.path("bitsPerWeight").asDouble() > 3, divided.out());
    JsonNode chosen = null;
    for (JsonNode size : report.path("sizes")) {
      assertTrue(size.path("loss").asDouble() >= 0, divided.out());
      chosen = size.path("chosen").asBoolean() ? size : chosen;
    }
    assertTrue(chosen != null, divided.out());
    List<Long> former = matrixBytes();
    Files.delete(folder.resolve("out/model.bcq"));
    Outcome again = run("--plan", plan.toString(), "--calibrate", pairs);
    assertEquals(0, again.code(), again.err());
    assertEquals(former, matrixBytes());
    Outcome refused = run("--target-bits", "3", "--force", "--save-plan", plan + "/none/p.json");
    assertEquals(1, refused.code(), refused.err());
  }

  private List<Long> matrixBytes() {
    return BcqFile.open(folder.resolve("out/model.bcq")).directory().matrices().stream()
        .map(entry -> (long) entry.storage().hashCode())
        .toList();
  }

  @Test
  void fileIsNoLargerThanAskedFor() throws IOException {
    for (int threads : new int[] {1, 2}) {
      long bytes = threads * 20_000L + 800_000;
      Outcome outcome = run("--target-size", String.valueOf(bytes), "--force");
      assertEquals(0, outcome.code(), outcome.err());
      long length = Files.size(folder.resolve("out/model.bcq"));
      assertTrue(length <= bytes, length + " of " + bytes);
      assertTrue(outcome.out().contains("loss assumed"), outcome.out());
    }
  }

  @Test
  void goalsThatCannotBeAreRefused() throws IOException {
    String pairs = sentences("p.tsv", 12, "\t").toString();
    assertRefused(2, "does not go with", "--bits", "3", "--target-bits", "3");
    assertRefused(2, "does not go with", "--target-size", "3MB", "--max-loss", "0.1");
    assertRefused(2, "needs --calibrate", "--max-loss", "0.1");
    assertRefused(2, "expected bytes", "--target-size", "3XB");
    assertRefused(2, "expected bits per weight", "--target-bits", "0");
    assertRefused(2, "--save-plan needs", "--save-plan", folder + "/p.json");
    assertRefused(1, "larger --target-size", "--target-size", "1000", "--calibrate", pairs);
  }
}
