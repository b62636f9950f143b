package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the token with the highest score, the lowest id among equals, until it is an end token. As
 * in Hugging Face, options act on logits here; the reported score is that of the log-probabilities
 * before options.
 */
final class GreedySearch implements Search {
  private final Kernels kernels;
  private final DecodingParameters parameters;
  private final ScoreProcessors processors;
  private final int[] sequence;
  private final int vocabulary;
  private final Activations processed;
  private final int[] token = new int[1];
  private final int[] parent = new int[1];
  private int length = 1;
  private float sum;
  private boolean ended;
  private boolean impossible;

  GreedySearch(Kernels kernels, DecodingParameters parameters, int vocabulary) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.processors = new ScoreProcessors(parameters, vocabulary);
    this.sequence = new int[parameters.maxLength()];
    this.sequence[0] = parameters.startToken();
    this.token[0] = parameters.startToken();
    this.vocabulary = vocabulary;
    this.processed = Activations.allocate(1, vocabulary);
  }

  @Override
  public int columns() {
    return ended || length == parameters.maxLength() ? 0 : 1;
  }

  @Override
  public int[] tokens() {
    return token;
  }

  @Override
  public int[] parents() {
    return parent;
  }

  @Override
  public void take(Activations logits, int column) {
    int at = logits.at(column);
    System.arraycopy(logits.values(), at, processed.values(), 0, vocabulary);
    processors.apply(processed.values(), 0, sequence, length);
    int best = bestToken();
    if (best < 0) {
      impossible = true;
      ended = true;
      return;
    }
    // Of all log-probabilities only the best one's is asked for.
    float logarithm = LogSoftmax.logarithmOfSum(kernels, logits, column, vocabulary);
    sum += logits.values()[at + best] - logarithm;
    token[0] = best;
    sequence[length++] = best;
    ended = parameters.ends(best);
  }

  @Override
  public List<Hypothesis> best() {
    if (impossible) {
      return List.of();
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i < length; i++) {
      ids.add(sequence[i]);
    }
    return List.of(
        new Hypothesis(ids, BeamSearch.score(sum, length - 1, parameters.lengthPenalty())));
  }

  private int bestToken() {
    int best = -1;
    float highest = Float.NEGATIVE_INFINITY;
    int next = kernels.firstAbove(processed, 0, 0, vocabulary, 0f, highest);
    while (next < vocabulary) {
      best = next;
      highest = processed.values()[best];
      next = kernels.firstAbove(processed, 0, best + 1, vocabulary, 0f, highest);
    }
    return best;
  }
}
