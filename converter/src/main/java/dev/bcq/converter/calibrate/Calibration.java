package dev.bcq.converter.calibrate;

import dev.bcq.converter.quantize.InputMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What calibration has found.
 *
 * @param moments of the inputs of each matrix that was multiplied, by canonical names; matrices
 *     with the same input share one
 * @param text name of the file of its sentences
 * @param sentences number of sentences that were run
 * @param leftOut number of sentences that were empty or too long for the model
 * @param crossEntropy of the float model on the targets, in natural units per token
 */
public record Calibration(
    String text,
    Map<String, InputMoments> moments,
    int sentences,
    int leftOut,
    double crossEntropy) {

  /**
   * Perplexity per token from which texts are hardly translations of each other:
   * tatoeba-en-de-small has 3.6 on its validation pairs, 3,098 on pairs whose sides are exchanged.
   */
  private static final double SUSPICIOUS_PERPLEXITY = 100;

  /** Returns what the user should know. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (perplexity() > SUSPICIOUS_PERPLEXITY) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the float model's perplexity on the calibration targets is %.0f; a trained model has less than %.0f: are they translations, into its language?",
              perplexity(),
              SUSPICIOUS_PERPLEXITY));
    }
    if (leftOut > 0) {
      warnings.add(
          leftOut
              + " calibration sentences were left out: they are empty or longer than the model takes");
    }
    return warnings;
  }

  /** Returns the perplexity of the float model on the targets. */
  public double perplexity() {
    return Math.exp(crossEntropy);
  }
}
