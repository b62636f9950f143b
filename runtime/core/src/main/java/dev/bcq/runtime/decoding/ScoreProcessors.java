package dev.bcq.runtime.decoding;

import dev.bcq.format.EarlyStopping;
import java.util.Arrays;
import java.util.List;

/**
 * What options do to the scores of the next token, in the order and with the meaning of Hugging
 * Face {@code generate}: repetition penalty, n-gram blocking, blocked tokens, minimum length,
 * forced first token, forced last tokens, suppressed tokens. Scores are log-probabilities in a beam
 * search and logits in a greedy one; nothing is renormalized.
 */
final class ScoreProcessors {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private final DecodingParameters parameters;
  private final int vocabulary;

  /** Number of the call that last saw a token, to penalize each one once. */
  private final int[] seen;

  private int call;

  ScoreProcessors(DecodingParameters parameters, int vocabulary) {
    this.parameters = parameters;
    this.vocabulary = vocabulary;
    this.seen = new int[parameters.repetitionPenalty() == 1f ? 0 : vocabulary];
  }

  /**
   * Changes the scores of one hypothesis.
   *
   * @param scores [vocabulary] from {@code at}
   * @param sequence the hypothesis, start token first
   * @param length its length
   */
  void apply(float[] scores, int at, int[] sequence, int length) {
    if (parameters.repetitionPenalty() != 1f) {
      penalizeRepetition(scores, at, sequence, length);
    }
    if (parameters.noRepeatNgram() > 0) {
      blockRepeatedNgrams(scores, at, sequence, length);
    }
    suppress(scores, at, parameters.blockedTokens());
    if (length < parameters.minLength()) {
      suppress(scores, at, parameters.endTokens());
    }
    if (length == 1 && parameters.forcedFirstToken() != null) {
      Arrays.fill(scores, at, at + vocabulary, NEVER);
      scores[at + parameters.forcedFirstToken()] = 0f;
    }
    if (length == parameters.maxLength() - 1 && !parameters.forcedLastTokens().isEmpty()) {
      force(scores, at, parameters.forcedLastTokens());
    }
    suppress(scores, at, parameters.suppressedTokens());
    if (length == (parameters.forcedFirstToken() == null ? 1 : 2)) {
      suppress(scores, at, parameters.beginSuppressedTokens());
    }
  }

  private void penalizeRepetition(float[] scores, int at, int[] sequence, int length) {
    float penalty = parameters.repetitionPenalty();
    call++;
    for (int i = 0; i < length; i++) {
      int token = sequence[i];
      if (seen[token] != call) {
        seen[token] = call;
        float score = scores[at + token];
        scores[at + token] = score < 0 ? score * penalty : score / penalty;
      }
    }
  }

  private void blockRepeatedNgrams(float[] scores, int at, int[] sequence, int length) {
    int context = parameters.noRepeatNgram() - 1;
    for (int start = 0; start + context < length; start++) {
      boolean same = true;
      for (int i = 0; i < context && same; i++) {
        same = sequence[start + i] == sequence[length - context + i];
      }
      if (same) {
        scores[at + sequence[start + context]] = NEVER;
      }
    }
  }

  private static void suppress(float[] scores, int at, List<Integer> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      scores[at + tokens.get(i)] = NEVER;
    }
  }

  // List.contains would allocate an Integer for each token.
  private static boolean contains(List<Integer> tokens, int token) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i) == token) {
        return true;
      }
    }
    return false;
  }

  private void force(float[] scores, int at, List<Integer> tokens) {
    boolean keep = parameters.earlyStopping() == EarlyStopping.FIRST;
    for (int token = 0; token < vocabulary; token++) {
      if (!contains(tokens, token)) {
        scores[at + token] = NEVER;
      } else if (!keep) {
        scores[at + token] = 0f;
      }
    }
  }
}
