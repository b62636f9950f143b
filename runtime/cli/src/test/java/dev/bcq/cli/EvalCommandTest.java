package dev.bcq.cli;

import static dev.bcq.cli.Commands.eval;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
  private static final String SOURCES =
      "Where is the station?\nI would like a cup of coffee, please.\n";

  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void itsOwnTranslationsAreWorth100() throws IOException {
    String source = file("source", SOURCES);
    String out = folder.resolve("out").toString();
    eval("--source", source, "--reference", source, "--hypothesis", out).succeeds();
    assertEquals(2, Files.readAllLines(Path.of(out)).size());
    JsonNode result =
        eval("--source", source, "--reference", out, "--json").succeeds().json().get(0);
    assertEquals(2, result.get("sentences").asInt());
    assertEquals(100.0, result.get("bleu").asDouble(), 1e-9);
    assertTrue(result.get("crossEntropy").asDouble() < 1);
    assertTrue(result.get("signature").asText().contains("tok:13a"));
  }

  @Test
  void theFirstPairOfEachDistinctSourceCounts() throws IOException {
    Path pairs = folder.resolve("pairs.tsv.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(pairs))) {
      gzip.write(
          "Yes.\tJa.\nYes.\tDoch.\nNo.\tNein.\nMaybe.\tVielleicht.\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    JsonNode result =
        eval("--pairs", pairs.toString(), "--first", "2", "--no-translate", "--json")
            .succeeds()
            .json()
            .get(0);
    assertEquals(2, result.get("sentences").asInt());
    assertFalse(result.has("bleu"));
    assertTrue(result.get("targetTokens").asInt() >= 6);
  }

  @Test
  void resultsAreForReading() throws IOException {
    String source = file("source", SOURCES);
    List<String> lines = eval("--source", source, "--reference", source).succeeds().lines();
    assertEquals("sentences      2", lines.get(0));
    assertTrue(lines.get(1).startsWith("cross-entropy  "), lines.get(1));
    assertTrue(lines.get(2).startsWith("BLEU           "), lines.get(2));
  }

  @Test
  void mistakesAreNamed() throws IOException {
    String two = file("two", SOURCES);
    String one = file("one", "Ja.\n");
    String none = file("none", "");
    eval("--source", two, "--reference", one).fails(1, "has 2 lines");
    eval("--source", two).fails(2, "--source and --reference");
    eval("--source", two, "--reference", two, "--pairs", two).fails(2, "--pairs");
    eval("--source", two, "--reference", two, "--first", "1").fails(2, "--first needs --pairs");
    eval("--pairs", two, "--first", "0").fails(2, "--first is 0; expected 1 or more");
    eval("--pairs", two).fails(1, "line 1 has no tab");
    eval("--pairs", "nowhere.tsv").fails(1, "nowhere.tsv does not exist");
    eval("--source", none, "--reference", none).fails(1, "nothing to translate");
  }
}
