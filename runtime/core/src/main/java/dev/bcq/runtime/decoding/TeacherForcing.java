package dev.bcq.runtime.decoding;

import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.List;
import java.util.Locale;

/** Scores a target that is given. */
public final class TeacherForcing {

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
    int vocabulary = transformer.config().targetVocabulary();
    DecoderSession decoder = transformer.decoder(1);
    DecoderState state = transformer.begin(source, 1, Math.max(1, target.length));
    List<DecoderState> states = List.of(state);
    float[] result = new float[target.length];
    int[] token = {startToken};
    int[] parent = {0};
    for (int i = 0; i < target.length; i++) {
      if (target[i] < 0 || target[i] >= vocabulary) {
        throw new DecodingException(
            String.format(
                Locale.ROOT,
                "target id %d is outside the vocabulary of %d tokens",
                target[i],
                vocabulary));
      }
      state.next(token, parent, 1);
      Activations logits = decoder.step(states);
      LogSoftmax.apply(transformer.kernels(), logits, 0, vocabulary);
      result[i] = logits.values()[logits.at(0) + target[i]];
      token[0] = target[i];
    }
    return result;
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
