package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.StepDecoder;
import dev.bcq.runtime.ops.LogSoftmax;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the token with the highest score, the lowest id among equals, until it is an end token. As
 * in Hugging Face, options act on logits here; the reported score is that of the log-probabilities
 * before options.
 */
final class GreedySearch {
  private final StepDecoder decoder;
  private final Kernels kernels;
  private final DecodingParameters parameters;
  private final ScoreProcessors processors;

  GreedySearch(StepDecoder decoder, Kernels kernels, DecodingParameters parameters) {
    this.decoder = decoder;
    this.kernels = kernels;
    this.parameters = parameters;
    this.processors = new ScoreProcessors(parameters, decoder.vocabulary());
  }

  List<Hypothesis> run() {
    int vocabulary = decoder.vocabulary();
    int[] sequence = new int[parameters.maxLength()];
    sequence[0] = parameters.startToken();
    int length = 1;
    float sum = 0;
    float[] processed = new float[vocabulary];
    int[] token = new int[1];
    int[] parent = new int[1];
    boolean ended = false;
    while (length < parameters.maxLength() && !ended) {
      token[0] = sequence[length - 1];
      float[] logits = decoder.step(token, parent, 1);
      System.arraycopy(logits, 0, processed, 0, vocabulary);
      processors.apply(processed, 0, sequence, length);
      int best = best(processed);
      if (best < 0) {
        return List.of();
      }
      LogSoftmax.apply(kernels, logits, 0, vocabulary);
      sum += logits[best];
      sequence[length++] = best;
      ended = parameters.ends(best);
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i < length; i++) {
      ids.add(sequence[i]);
    }
    return List.of(
        new Hypothesis(ids, BeamSearch.score(sum, length - 1, parameters.lengthPenalty())));
  }

  private static int best(float[] scores) {
    int best = -1;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > highest) {
        highest = scores[i];
        best = i;
      }
    }
    return best;
  }
}
