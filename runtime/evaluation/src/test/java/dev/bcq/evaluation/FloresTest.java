package dev.bcq.evaluation;

import static dev.bcq.evaluation.Golden.assertPrinted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.console.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Equality with sacreBLEU 2.6.0 on FLORES, translated by two models of Mozilla. */
class FloresTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("bcq.shared", "../shared"), "data/flores-en-de").normalize();

  @BeforeEach
  void isThere() {
    assumeTrue(
        Files.exists(FOLDER),
        () -> FOLDER + " is missing: give its parent with -Dbcq.shared=FOLDER");
  }

  private static JsonNode expected() throws IOException {
    return Golden.JSON.readTree(FOLDER.resolve("sacrebleu-expected.json").toFile());
  }

  private static List<String> lines(String name) {
    return TextFile.lines(FOLDER.resolve(name + ".de.gz"));
  }

  @Test
  void everyNumberOfBothMetricsIsTheSame() throws IOException {
    JsonNode scores = expected().get("scores");
    int bleu = 0;
    int chrf = 0;
    for (JsonNode score : scores) {
      String set = score.get("set").asText();
      List<String> hypotheses = lines(set + "." + score.get("system").asText());
      List<String> references = lines(set);
      if (score.has("chrf2")) {
        double found = Chrf.DEFAULT.statistics(hypotheses, references).score();
        assertPrinted(score.get("chrf2"), found, score.toString());
        chrf++;
      } else {
        assertBleu(score, hypotheses, references);
        bleu++;
      }
    }
    assertEquals(List.of(32, 4), List.of(bleu, chrf));
  }

  private static void assertBleu(JsonNode score, List<String> hypotheses, List<String> references) {
    Bleu bleu =
        new Bleu(
            Golden.tokenizer(score.get("tokenize").asText()), score.get("lowercase").asBoolean());
    Bleu.Score found = Bleu.details(bleu.statistics(hypotheses, references));
    String where = score.toString();
    assertPrinted(score.get("bleu"), found.bleu(), where);
    assertPrinted(score.get("bp"), found.brevityPenalty(), where);
    assertEquals(score.get("sys_len").asLong(), found.systemLength(), where);
    assertEquals(score.get("ref_len").asLong(), found.referenceLength(), where);
    for (int n = 0; n < 4; n++) {
      assertPrinted(score.get("precisions").get(n), found.precisions().get(n), where);
      assertEquals(score.get("counts").get(n).asLong(), found.counts().get(n), where);
      assertEquals(score.get("totals").get(n).asLong(), found.totals().get(n), where);
    }
  }

  @Test
  void everySentenceHasTheSameBleu() throws IOException {
    JsonNode expected = expected().get("sentence_bleu_flores_dev_bergamot_tiny_first40");
    CorpusStatistics found =
        Bleu.DEFAULT.statistics(lines("flores-dev.bergamot-tiny"), lines("flores-dev"));
    assertEquals(40, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertPrinted(expected.get(i), found.sentenceScore(i), "line " + i);
    }
  }
}
