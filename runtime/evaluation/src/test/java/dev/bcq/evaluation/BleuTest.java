package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class BleuTest {

  private static double bleu(List<String> hypotheses, List<String> references) {
    return Bleu.DEFAULT.statistics(hypotheses, references).score();
  }

  @Test
  void perfectAndEmptyTranslationsAreTheEnds() {
    List<String> reference = List.of("the cat sat on the mat .");
    assertEquals(100, bleu(reference, reference), 1e-9);
    assertEquals(0, bleu(List.of(""), reference));
    assertEquals(0, bleu(List.of(), List.of()));
  }

  @Test
  void shortTranslationsAreSmoothedAndPenalized() {
    Bleu.Score score =
        Bleu.details(
            Bleu.DEFAULT.statistics(
                List.of("the cat sat there"), List.of("the cat sat on the mat")));
    assertEquals(List.of(3L, 2L, 1L, 0L), score.counts());
    assertEquals(Math.exp(1 - 6.0 / 4), score.brevityPenalty(), 1e-12);
    assertEquals(50, score.precisions().get(3), 1e-9);
  }

  @Test
  void aSentenceIsMeasuredByTheNgramsThatItHas() {
    CorpusStatistics two = Bleu.DEFAULT.statistics(List.of("Guten Tag"), List.of("Guten Tag"));
    assertEquals(0, two.score());
    assertEquals(100, two.sentenceScore(0), 1e-9);
    assertEquals(0, Bleu.DEFAULT.statistics(List.of(""), List.of("a")).sentenceScore(0));
  }

  @Test
  void refusesDifferentNumbersOfLines() {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> bleu(List.of("a"), List.of("a", "b")));
    assertEquals("1 hypotheses for 2 references", failure.getMessage());
  }
}
