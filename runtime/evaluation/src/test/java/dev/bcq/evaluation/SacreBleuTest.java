package dev.bcq.evaluation;

import static dev.bcq.evaluation.Golden.assertPrinted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Equality with sacreBLEU 2.6.0, on texts that are here. */
class SacreBleuTest {
  private final JsonNode golden = Golden.read();

  SacreBleuTest() throws IOException {}

  @Test
  void everyLineHasTheSameTokens() {
    List<String> lines = Golden.hypotheses(golden, "hard", "random");
    for (BleuTokenizer tokenizer : BleuTokenizer.values()) {
      JsonNode expected = golden.get("tokens").get(tokenizer.toString());
      for (int i = 0; i < lines.size(); i++) {
        assertEquals(
            Golden.texts(expected.get(i)),
            tokenizer.tokens(PythonText.withoutTrailingSpace(lines.get(i))),
            tokenizer + " of line " + i + ": " + lines.get(i));
      }
      assertEquals(lines.size(), expected.size());
    }
  }

  @Test
  void everyNumberOfBleuIsTheSame() {
    int compared = 0;
    for (JsonNode expected : golden.get("bleu")) {
      Bleu bleu =
          new Bleu(
              Golden.tokenizer(expected.get("tokenize").asText()),
              expected.get("lowercase").asBoolean());
      String where = expected.get("system") + " " + bleu;
      CorpusStatistics statistics = statistics(bleu, expected);
      Bleu.Score found = Bleu.details(statistics);
      assertPrinted(expected.get("score"), found.bleu(), where);
      assertPrinted(expected.get("bp"), found.brevityPenalty(), where);
      assertEquals(expected.get("sys_len").asLong(), found.systemLength(), where);
      assertEquals(expected.get("ref_len").asLong(), found.referenceLength(), where);
      assertEquals(expected.get("signature").asText(), bleu.signature());
      for (int n = 0; n < 4; n++) {
        assertPrinted(expected.get("precisions").get(n), found.precisions().get(n), where);
        assertEquals(expected.get("counts").get(n).asLong(), found.counts().get(n), where);
        assertEquals(expected.get("totals").get(n).asLong(), found.totals().get(n), where);
      }
      assertSentences(expected.get("sentences"), statistics, where);
      compared++;
    }
    assertEquals(24, compared);
  }

  @Test
  void everyNumberOfChrfIsTheSame() {
    int compared = 0;
    for (JsonNode expected : golden.get("chrf")) {
      Chrf chrf =
          new Chrf(expected.get("word_order").asInt(), expected.get("lowercase").asBoolean());
      String where = expected.get("system") + " " + chrf;
      CorpusStatistics statistics = statistics(chrf, expected);
      assertPrinted(expected.get("score"), statistics.score(), where);
      assertEquals(expected.get("name").asText(), chrf.name());
      assertEquals(expected.get("signature").asText(), chrf.signature());
      assertSentences(expected.get("sentences"), statistics, where);
      compared++;
    }
    assertEquals(18, compared);
  }

  private CorpusStatistics statistics(TextMetric metric, JsonNode expected) {
    String corpus = expected.get("corpus").asText();
    return metric.statistics(
        Golden.hypotheses(golden, corpus, expected.get("system").asText()),
        Golden.references(golden, corpus));
  }

  private static void assertSentences(JsonNode expected, CorpusStatistics found, String where) {
    assertEquals(40, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertPrinted(expected.get(i), found.sentenceScore(i), where + " line " + i);
    }
  }

  /** 50 seeds of numpy's generator: where they all lie, that of Java must lie, or very near. */
  @Test
  void bootstrapIsWithinTheNoiseOfSacrebleu() {
    JsonNode bootstrap = golden.get("bootstrap");
    List<String> references = Golden.references(golden, "tatoeba");
    for (TextMetric metric : List.of(Bleu.DEFAULT, Chrf.DEFAULT)) {
      JsonNode ranges = bootstrap.get("ranges").get(metric.name());
      PairedBootstrap.Distribution baseline =
          resample(metric, bootstrap.get("baseline").asText(), references);
      PairedBootstrap.Distribution system =
          resample(metric, bootstrap.get("system").asText(), references);
      assertInside(ranges.get("baseline_mean"), baseline.mean(), metric + " baseline's mean");
      assertInside(ranges.get("baseline_ci"), baseline.halfWidth(), metric + " baseline's width");
      assertInside(ranges.get("system_mean"), system.mean(), metric + " system's mean");
      assertInside(ranges.get("system_ci"), system.halfWidth(), metric + " system's width");
      assertInside(ranges.get("system_p_value"), system.pValue(baseline), metric + " p");
    }
  }

  private PairedBootstrap.Distribution resample(
      TextMetric metric, String system, List<String> references) {
    return PairedBootstrap.DEFAULT.resample(
        metric.statistics(Golden.hypotheses(golden, "tatoeba", system), references));
  }

  private static void assertInside(JsonNode range, double found, String what) {
    double least = range.get(0).asDouble();
    double most = range.get(1).asDouble();
    double margin = 0.1 * (most - least);
    assertTrue(
        found >= least - margin && found <= most + margin,
        "%s is %f; sacreBLEU's seeds give %f to %f".formatted(what, found, least, most));
  }
}
