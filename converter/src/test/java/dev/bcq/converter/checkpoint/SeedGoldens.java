package dev.bcq.converter.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the project that has trained a model computes with it. Targets and what its greedy search
 * finds begin with the start token and end with the end token.
 */
public final class SeedGoldens {

  private SeedGoldens() {}

  /**
   * Checks all cases of a file.
   *
   * @param mostTokens how many tokens a search makes at most
   */
  public static void assertReproduced(BcqFile file, JsonNode cases, int mostTokens) {
    ForwardGoldens model = new ForwardGoldens(file);
    int width = file.directory().config().width();
    List<int[]> sources = new ArrayList<>();
    List<List<Integer>> expected = new ArrayList<>();
    for (JsonNode testCase : cases) {
      int[] source = ForwardGoldens.ids(testCase.get("src_ids"));
      float[] output = model.encoder(source);
      assertRow(testCase.get("encoder_first"), Arrays.copyOf(output, width), "encoder, first");
      assertRow(
          testCase.get("encoder_last"),
          Arrays.copyOfRange(output, output.length - width, output.length),
          "encoder, last");
      int[] target = ForwardGoldens.ids(testCase.get("tgt_ids"));
      target = Arrays.copyOfRange(target, 1, target.length);
      assertTarget(model.logProbabilities(source, target), target, testCase);
      sources.add(source);
      expected.add(
          Arrays.stream(ForwardGoldens.ids(testCase.get("greedy_ids"))).skip(1).boxed().toList());
    }
    GenerationSettings settings = GenerationSettings.builder().maxTokens(mostTokens).build();
    assertEquals(expected, model.found(sources, settings));
  }

  private static void assertTarget(float[][] rows, int[] target, JsonNode testCase) {
    float[] expected = ForwardGoldens.floats(testCase.get("target_log_probs"));
    for (int i = 0; i < target.length; i++) {
      assertEquals(expected[i], rows[i][target[i]], ForwardGoldens.TOLERANCE, "token " + i);
    }
    assertRow(testCase.get("log_probs_first_step"), rows[0], "first step");
    assertRow(testCase.get("log_probs_last_step"), rows[rows.length - 1], "last step");
    assertLogits(testCase.get("logits_first_step"), rows[0]);
    assertLogits(testCase.get("logits_last_step"), rows[rows.length - 1]);
  }

  private static void assertRow(JsonNode expected, float[] found, String what) {
    if (expected != null) {
      assertArrayEquals(ForwardGoldens.floats(expected), found, ForwardGoldens.TOLERANCE, what);
    }
  }

  /** Logits are log-probabilities plus a number that is the same for all. */
  private static void assertLogits(JsonNode expected, float[] found) {
    if (expected == null) {
      return;
    }
    float[] logits = ForwardGoldens.floats(expected);
    float most = Float.NEGATIVE_INFINITY;
    double sum = 0;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] -= (float) (most + Math.log(sum));
    }
    assertArrayEquals(logits, found, ForwardGoldens.TOLERANCE, "logits");
  }
}
