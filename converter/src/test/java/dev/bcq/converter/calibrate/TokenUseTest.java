package dev.bcq.converter.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenUseTest {
  private static final int SOURCES = 50;
  private static final int TARGETS = 60;
  private static final List<CalibrationSample> SAMPLES =
      List.of(
          new CalibrationSample(new int[] {7, 7, 7, 30}, 0, new int[] {9, 40, 40}),
          new CalibrationSample(new int[] {7, 31}, 0, new int[] {40}));

  private static final TokenUse USE = TokenUse.of(SAMPLES, SOURCES, TARGETS);

  private static void assertSharesOfOne(int tokens, double[] shares) {
    assertEquals(tokens, shares.length);
    assertEquals(1, Arrays.stream(shares).sum(), 1e-12);
    assertTrue(Arrays.stream(shares).allMatch(share -> share > 0), Arrays.toString(shares));
  }

  @Test
  void sharesOfSourcesAndTargetsAddUpToOneAndNoneIsZero() {
    assertSharesOfOne(SOURCES, USE.sources());
    assertSharesOfOne(TARGETS, USE.targets());
    TokenUse expected = TokenUse.expected(SOURCES, TARGETS);
    // Without sentences there is nothing but what the order of the vocabulary says.
    assertEquals(0.7, Arrays.stream(expected.sources()).sum(), 1e-12);
    assertEquals(0.7, Arrays.stream(expected.targets()).sum(), 1e-12);
  }

  @Test
  void whatIsExpectedFallsWithTheNumberOfTheToken() {
    double[] expected = TokenUse.expected(SOURCES, TARGETS).sources();
    for (int token = 1; token < SOURCES; token++) {
      assertTrue(expected[token] < expected[token - 1], "token " + token);
      assertEquals(
          (token - 1 + 200.0) / (token + 200.0), expected[token] / expected[token - 1], 1e-12);
    }
  }

  @Test
  void eachUseAddsTheSameToWhatIsExpected() {
    double[] expected = TokenUse.expected(SOURCES, TARGETS).sources();
    int[] counts = new int[SOURCES];
    counts[7] = 4;
    counts[30] = 1;
    counts[31] = 1;
    for (int token = 0; token < SOURCES; token++) {
      assertEquals(
          0.3 * counts[token] / 6, USE.sources()[token] - expected[token], 1e-12, "" + token);
    }
    assertTrue(USE.targets()[40] > USE.targets()[9]);
    assertTrue(USE.targets()[9] > USE.targets()[8]);
  }

  @Test
  void eachMatrixHasTheTokensThatItsRowsAre() {
    assertArrayEquals(USE.sources(), USE.ofRows("encoder.embedding.weight"));
    assertArrayEquals(USE.targets(), USE.ofRows("decoder.embedding.weight"));
    assertArrayEquals(USE.targets(), USE.ofRows("output.weight"));
    TokenUse same = TokenUse.of(SAMPLES, TARGETS, TARGETS);
    double[] shared = same.ofRows("embedding.weight");
    for (int token = 0; token < TARGETS; token++) {
      assertEquals(same.targets()[token] + 0.5 * same.sources()[token], shared[token], 1e-12);
    }
    assertThrows(IllegalArgumentException.class, () -> USE.ofRows("encoder.layers.0.norm.weight"));
  }

  @Test
  void embeddingsAndTheOutputHaveTokensAndOthersHaveNot() {
    for (String name : List.of("embedding", "encoder.embedding", "decoder.embedding", "output")) {
      assertTrue(TokenUse.hasTokens(name + ".weight"), name);
    }
    for (String name : List.of("self_attention.output", "feed_forward.up")) {
      assertFalse(TokenUse.hasTokens("encoder.layers.0." + name + ".weight"), name);
    }
  }
}
