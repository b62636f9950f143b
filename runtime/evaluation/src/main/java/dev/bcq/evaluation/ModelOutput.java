package dev.bcq.evaluation;

import dev.bcq.runtime.TargetScore;
import java.util.List;

/**
 * What a model makes of sentence pairs.
 *
 * @param hypotheses the best translation of each source; none if they were not wanted
 * @param scores how probable each reference is, given its source; without any token if the source
 *     has none
 */
public record ModelOutput(List<String> hypotheses, List<TargetScore> scores) {

  /** Copies the lists. */
  public ModelOutput {
    hypotheses = List.copyOf(hypotheses);
    scores = List.copyOf(scores);
  }
}
