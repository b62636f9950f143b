package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class BleuTest {

  private static Path data() {
    Path path =
        Path.of(System.getProperty("bcq.shared", "../shared"), "data/flores-en-de").normalize();
    assumeTrue(
        Files.exists(path), () -> path + " is missing: give its parent with -Dbcq.shared=FOLDER");
    return path;
  }

  private static List<String> lines(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<String> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      return lines;
    }
  }

  private static Path existing(Path folder, String name) {
    Path plain = folder.resolve(name);
    return Files.exists(plain) ? plain : folder.resolve(name + ".gz");
  }

  @Test
  void equalsSacrebleuOnEveryNumberOfTokenizer13a() throws IOException {
    Path folder = data();
    JsonNode expected =
        new ObjectMapper().readTree(folder.resolve("sacrebleu-expected.json").toFile());
    int compared = 0;
    for (JsonNode score : expected.get("scores")) {
      if (score.path("tokenize").asText().equals("13a")) {
        String set = score.get("set").asText();
        String system = score.get("system").asText();
        List<String> hypotheses = lines(existing(folder, set + "." + system + ".de"));
        List<String> references = lines(existing(folder, set + ".de"));
        Bleu.Score found = Bleu.corpus(hypotheses, references, score.get("lowercase").asBoolean());
        assertEquals(score.get("bleu").asDouble(), found.bleu(), 1e-5);
        assertEquals(score.get("sys_len").asLong(), found.systemLength());
        assertEquals(score.get("ref_len").asLong(), found.referenceLength());
        assertEquals(score.get("bp").asDouble(), found.brevityPenalty(), 1e-5);
        for (int n = 0; n < 4; n++) {
          assertEquals(score.get("counts").get(n).asLong(), found.counts().get(n));
          assertEquals(score.get("totals").get(n).asLong(), found.totals().get(n));
        }
        compared++;
      }
    }
    assertEquals(true, compared > 0);
  }

  @Test
  void equalsSacrebleuOnSingleSentences() throws IOException {
    Path folder = data();
    JsonNode expected =
        new ObjectMapper()
            .readTree(folder.resolve("sacrebleu-expected.json").toFile())
            .get("sentence_bleu_flores_dev_bergamot_tiny_first40");
    List<String> hypotheses = lines(folder.resolve("flores-dev.bergamot-tiny.de.gz"));
    List<String> references = lines(folder.resolve("flores-dev.de.gz"));
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(
          expected.get(i).asDouble(),
          Bleu.sentence(hypotheses.get(i), references.get(i)).bleu(),
          1e-4,
          "line " + i);
    }
  }

  @Test
  void perfectAndEmptyTranslationsAreTheEnds() {
    List<String> reference = List.of("the cat sat on the mat .");
    assertEquals(100, Bleu.corpus(reference, reference).bleu(), 1e-9);
    assertEquals(0, Bleu.corpus(List.of(""), reference).bleu());
    assertEquals(0, Bleu.corpus(List.of(), List.of()).bleu());
  }

  @Test
  void shortTranslationsAreSmoothedAndPenalized() {
    Bleu.Score score = Bleu.corpus(List.of("the cat sat there"), List.of("the cat sat on the mat"));
    assertEquals(List.of(3L, 2L, 1L, 0L), score.counts());
    assertEquals(Math.exp(1 - 6.0 / 4), score.brevityPenalty(), 1e-12);
    assertEquals(50, score.precisions().get(3), 1e-9);
  }

  @Test
  void tokenizer13aSplitsPunctuationButNotNumbers() {
    assertEquals(
        List.of(
            "\"", "Is", "it", "3.5", "or", "1,000", "?", "\"", "A", "-", "B", "3", "-", "4", "&"),
        Tokenizer13a.tokens("&quot;Is it 3.5 or 1,000?\" A - B 3-4 &amp;"));
  }

  @Test
  void refusesDifferentNumbersOfLines() {
    assertThrows(
        IllegalArgumentException.class, () -> Bleu.corpus(List.of("a"), List.of("a", "b")));
  }
}
