package dev.bcq.runtime.decoding;

import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Scores targets that are given. */
public final class TeacherForcing {

  /** Hears of every step. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A position of a sentence has its probabilities.
     *
     * @param sentence index of the sentence
     * @param position index of the target's token, which is not read yet
     * @param logProbabilities natural logarithms for all tokens, until the call returns
     * @param column column that holds them
     */
    void scored(int sentence, int position, Activations logProbabilities, int column);
  }

  private TeacherForcing() {}

  /**
   * Returns the natural logarithm of the probability of each token, given the source and the tokens
   * before it.
   *
   * @param startToken first input of the decoder
   * @param target tokens within the vocabulary
   * @throws DecodingException if a token is outside the vocabulary
   */
  public static float[] logProbabilities(
      Transformer transformer, EncodedSource source, int startToken, int[] target) {
    float[] result = new float[target.length];
    run(
        transformer,
        List.of(source),
        startToken,
        List.of(target),
        (sentence, position, values, column) ->
            result[position] = values.values()[values.at(column) + target[position]]);
    return result;
  }

  /**
   * Computes what follows each token of some sentences, all of them together; what a sentence gets
   * does not depend on the others.
   *
   * @param sources as many as targets
   * @param startToken first input of the decoder
   * @param targets tokens within the vocabulary
   * @param listener hears of each position, the sentences' first ones first
   * @throws DecodingException if a token is outside the vocabulary
   */
  public static void run(
      Transformer transformer,
      List<EncodedSource> sources,
      int startToken,
      List<int[]> targets,
      Listener listener) {
    int vocabulary = transformer.config().targetVocabulary();
    targets.forEach(target -> check(target, vocabulary));
    DecoderSession decoder = transformer.decoder(sources.size());
    DecoderState[] states = new DecoderState[sources.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = transformer.begin(sources.get(i), 1, Math.max(1, targets.get(i).length));
    }
    int longest = targets.stream().mapToInt(target -> target.length).max().orElse(0);
    int[] token = new int[1];
    int[] parent = {0};
    for (int position = 0; position < longest; position++) {
      List<DecoderState> going = new ArrayList<>();
      int[] sentences = new int[states.length];
      for (int i = 0; i < states.length; i++) {
        if (position < targets.get(i).length) {
          token[0] = position == 0 ? startToken : targets.get(i)[position - 1];
          states[i].next(token, parent, 1);
          sentences[going.size()] = i;
          going.add(states[i]);
        }
      }
      Activations logits = decoder.step(going);
      for (int column = 0; column < going.size(); column++) {
        LogSoftmax.apply(transformer.kernels(), logits, column, vocabulary);
        listener.scored(sentences[column], position, logits, column);
      }
    }
  }

  private static void check(int[] target, int vocabulary) {
    for (int token : target) {
      if (token < 0 || token >= vocabulary) {
        throw new DecodingException(
            String.format(
                Locale.ROOT,
                "target id %d is outside the vocabulary of %d tokens",
                token,
                vocabulary));
      }
    }
  }

  /**
   * Returns the sum divided by the number to the power of the length penalty; 0 for an empty
   * target.
   */
  public static float score(float[] logProbabilities, float lengthPenalty) {
    float sum = 0;
    for (float logProbability : logProbabilities) {
      sum += logProbability;
    }
    return logProbabilities.length == 0
        ? 0
        : BeamSearch.score(sum, logProbabilities.length, lengthPenalty);
  }
}
