package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Commands.Outcome;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
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

class CalibrateCommandTest {
  private static final int VOCABULARY = 300;

  @TempDir Path folder;
  private Path checkpoint = Path.of("");

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = new TinyCheckpoint(1, VOCABULARY).writeWithTokenizer(folder.resolve("tiny"));
    Files.createDirectories(folder.resolve("out"));
  }

  private String sentences(String name, int count, String between) {
    return TinyTokenizer.sentences(folder.resolve(name), count, between).toString();
  }

  private Outcome run(String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.add(checkpoint.toString());
    args.add(folder.resolve("out/model.bcq").toString());
    return Commands.convert(args.toArray(String[]::new));
  }

  private void assertRefused(int code, String message, String... options) throws IOException {
    run(options).fails(code, message);
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void theReportSaysWhichCandidateWasTakenAndTheErrorOfEach() throws IOException {
    Outcome outcome = run("--bits", "2", "--json", "--calibrate", sentences("p.tsv", 30, "\t"));
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode report = outcome.json();
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
    Outcome outcome = run("--bits", "2", "--calibrate", sentences("p.tsv", 30, "\t")).succeeds();
    assertTrue(outcome.err().contains("perplexity on the calibration targets is "), outcome.err());
    assertTrue(outcome.out().contains("output error on held-out text"), outcome.out());
    assertTrue(outcome.out().contains("calibrated with 30 sentences"), outcome.out());
    assertTrue(outcome.out().contains("--calibrate p.tsv"), outcome.out());
  }

  @Test
  void theSameSentencesGiveTheSameBytesWithAnyNumberOfThreads() throws IOException {
    Path pairs = Path.of(sentences("p.tsv", 40, "\t"));
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
            sentences("s.txt", 12, ""));
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("calibrated with 12 sentences"), outcome.out());
  }

  @Test
  void clustersOfDifferentPlanesAreCalibrated() throws IOException {
    Outcome outcome = run("--bits", "chung-kim", "--calibrate", sentences("p.tsv", 20, "\t"));
    assertEquals(0, outcome.code(), outcome.err());
    GoldenSamples.check(BcqFile.open(folder.resolve("out/model.bcq")))
        .forEach(sample -> assertTrue(sample.same()));
  }

  @Test
  void refusesWhatCannotServe() throws IOException {
    String pairs = sentences("p.tsv", 9, "\t");
    assertRefused(1, "expected 10 at least", "--calibrate", pairs);
    assertRefused(1, "missing.txt does not exist", "--calibrate", folder + "/missing.txt");
    assertRefused(2, "needs --calibrate FILE", "--calibrate-target", pairs);
    assertRefused(2, "does not go with --calibrate", "--method", "greedy", "--calibrate", pairs);
    Files.delete(checkpoint.resolve("spiece.model"));
    assertRefused(1, "has no tokenizer", "--calibrate", pairs);
  }
}
