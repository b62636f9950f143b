package dev.bcq.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.cli.EvaluationReport.Comparison;
import dev.bcq.cli.EvaluationReport.Kind;
import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.evaluation.Bleu;
import dev.bcq.evaluation.Chrf;
import dev.bcq.evaluation.CorpusStatistics;
import dev.bcq.evaluation.CrossEntropy;
import dev.bcq.evaluation.PairedBootstrap;
import dev.bcq.runtime.TargetScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {

  /** A model that gives its only sentence these tokens, each of the same log-probability. */
  private static SystemResult model(String name, float logProbability, Integer... tokens) {
    List<Float> logProbabilities = List.of(tokens).stream().map(token -> logProbability).toList();
    List<TargetScore> scores =
        List.of(new TargetScore(List.of(tokens), logProbabilities, logProbability));
    CorpusStatistics statistics = CrossEntropy.statistics(scores);
    Figure figure = new Figure(statistics, PairedBootstrap.DEFAULT.resample(statistics));
    return new SystemResult(name, "", 1L, 1.0, null, scores, null, null, figure);
  }

  private static EvaluationReport report(SystemResult... systems) {
    return new EvaluationReport(
        new TestSet(List.of("Yes."), List.of("Ja."), 1),
        Bleu.DEFAULT,
        Chrf.DEFAULT,
        PairedBootstrap.DEFAULT,
        List.of(systems),
        1);
  }

  @Test
  void crossEntropyOfTheSameTokensIsCompared() {
    SystemResult other = model("other", -2, 7, 1);
    EvaluationReport report = report(model("base", -1, 7, 1), other);
    Comparison found = report.comparison(Kind.CROSS_ENTROPY, other);
    assertEquals(1.0, found == null ? 0 : found.difference());
    assertEquals(Kind.CROSS_ENTROPY, report.changeKind(other));
    assertFalse(report.hasForeignTokens());
  }

  @Test
  void crossEntropyOfOtherTokensIsNotAndTheReportSaysWhy() {
    SystemResult other = model("other", -2, 8, 1);
    EvaluationReport report = report(model("base", -1, 7, 1), other);
    assertNull(report.comparison(Kind.CROSS_ENTROPY, other));
    String text = new EvaluationText(report).render();
    assertTrue(text.lines().anyMatch(line -> line.matches("other +-  -")), text);
    assertTrue(text.contains("other tokens cannot be compared by cross-entropy"), text);
    assertTrue(text.contains("From base to other: nothing that a sentence could be"), text);
  }
}
