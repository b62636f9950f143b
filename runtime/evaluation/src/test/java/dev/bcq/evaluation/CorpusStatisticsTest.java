package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.runtime.TargetScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusStatisticsTest {
  private static final List<String> REFERENCES = List.of("abc def", "ghi jkl", "mno pqr", "st");

  private static CorpusStatistics chrf(String... hypotheses) {
    return Chrf.DEFAULT.statistics(List.of(hypotheses), REFERENCES);
  }

  @Test
  void theLargestChangesComeFirstWhicheverWayTheyGo() {
    CorpusStatistics one = chrf("abc def", "ghi xxx", "xxx xxx", "st");
    CorpusStatistics other = chrf("abc dxf", "ghi jkl", "mno pqr", "st");
    assertEquals(List.of(2, 1, 0), one.largestChanges(other, 9));
    assertEquals(List.of(2, 1, 0), other.largestChanges(one, 9));
    assertEquals(List.of(2), one.largestChanges(other, 1));
    assertEquals(List.of(), one.largestChanges(one, 9));
  }

  @Test
  void aSampleCountsASentenceAsOftenAsItHasIt() {
    CorpusStatistics found =
        CrossEntropy.statistics(
            List.of(
                new TargetScore(List.of(1, 2), List.of(-1f, -2f), 0),
                new TargetScore(List.of(3), List.of(-6f), 0)));
    assertEquals(3.0, found.score());
    assertEquals(1.5, found.sentenceScore(0));
    assertEquals((3 + 3 + 6) / 5.0, found.score(new int[] {0, 1, 0}));
    assertEquals(Math.exp(3), CrossEntropy.perplexity(found.score()));
  }
}
