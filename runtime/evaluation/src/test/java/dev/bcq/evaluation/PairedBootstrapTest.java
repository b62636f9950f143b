package dev.bcq.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.evaluation.PairedBootstrap.Distribution;
import dev.bcq.runtime.TargetScore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  private static final PairedBootstrap BOOTSTRAP = PairedBootstrap.DEFAULT;

  /** One token for each sentence, of normally distributed log-probability. */
  private static CorpusStatistics sample(long seed, int sentences, double mean) {
    Random random = new Random(seed);
    List<TargetScore> scores = new ArrayList<>();
    for (int i = 0; i < sentences; i++) {
      float value = (float) (random.nextGaussian() - mean);
      scores.add(new TargetScore(List.of(0), List.of(value), value));
    }
    return CrossEntropy.statistics(scores);
  }

  @Test
  void theIntervalIsThatOfTheMeanOfSoManySentences() {
    Distribution found = BOOTSTRAP.resample(sample(1, 400, 2));
    assertEquals(found.score(), found.mean(), 0.01);
    assertEquals(1.96 / Math.sqrt(400), found.halfWidth(), 0.015);
  }

  @Test
  void aSystemThatIsWorseEverywhereIsSoForCertain() {
    Distribution baseline = BOOTSTRAP.resample(sample(1, 400, 2));
    Distribution worse = BOOTSTRAP.resample(sample(1, 400, 3));
    assertEquals(1.0 / 1001, worse.pValue(baseline), 1e-12);
    assertEquals(1.0 / 1001, baseline.pValue(worse), 1e-12);
  }

  @Test
  void systemsOfTheSameKindAreSeldomToldApart() {
    int apart = 0;
    for (int seed = 1; seed <= 40; seed++) {
      Distribution one = BOOTSTRAP.resample(sample(seed, 200, 2));
      Distribution other = BOOTSTRAP.resample(sample(-seed, 200, 2));
      apart += other.pValue(one) < 0.05 ? 1 : 0;
    }
    assertTrue(apart <= 6, apart + " of 40 seeds");
  }

  @Test
  void theSameSeedDrawsTheSameAndAnotherDoesNot() {
    CorpusStatistics sample = sample(1, 50, 2);
    assertEquals(BOOTSTRAP.resample(sample).mean(), BOOTSTRAP.resample(sample).mean());
    assertNotEquals(
        BOOTSTRAP.resample(sample).mean(), new PairedBootstrap(1000, 1).resample(sample).mean());
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PairedBootstrap(0, 1));
    Distribution few = new PairedBootstrap(10, 1).resample(sample(1, 5, 2));
    Distribution many = new PairedBootstrap(20, 1).resample(sample(1, 5, 2));
    assertThrows(IllegalArgumentException.class, () -> few.pValue(many));
  }

  @Test
  void aCorpusWithoutTokensHasNoCrossEntropy() {
    TargetScore none = new TargetScore(List.of(), List.of(), 0);
    CorpusStatistics empty = CrossEntropy.statistics(Collections.nCopies(3, none));
    assertTrue(Double.isNaN(empty.score()));
    assertTrue(Double.isNaN(BOOTSTRAP.resample(empty).mean()));
  }
}
