package dev.bcq.runtime.decoding;

import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decoding options with nothing left open. Lengths count the decoder's start token.
 *
 * @param beams beam size
 * @param nBest most hypotheses returned
 * @param lengthPenalty exponent of the number of generated tokens that divides a hypothesis's sum
 * @param earlyStopping when a full list of finished hypotheses ends the search
 * @param repetitionPenalty divisor or factor of scores of tokens in the target; 1 = none
 * @param noRepeatNgram size of n-grams that do not occur twice; 0 = any may
 * @param minLength below this length no hypothesis ends
 * @param maxLength at this length every hypothesis ends
 * @param startToken first input of the decoder
 * @param endTokens tokens that end a hypothesis
 * @param forcedFirstToken first generated token, or null
 * @param forcedLastTokens allowed tokens at {@code maxLength - 1}; empty = all
 * @param blockedTokens tokens that are generated only when forced
 * @param suppressedTokens tokens that are never generated
 * @param beginSuppressedTokens tokens that are not generated first
 */
public record DecodingParameters(
    int beams,
    int nBest,
    float lengthPenalty,
    EarlyStopping earlyStopping,
    float repetitionPenalty,
    int noRepeatNgram,
    int minLength,
    int maxLength,
    int startToken,
    List<Integer> endTokens,
    @Nullable Integer forcedFirstToken,
    List<Integer> forcedLastTokens,
    List<Integer> blockedTokens,
    List<Integer> suppressedTokens,
    List<Integer> beginSuppressedTokens) {

  private static final int DEFAULT_BEAMS = 4;
  private static final int MAX_BEAMS = 1024;

  /** A beam ranks one continuation more than there are end tokens. */
  private static final int MAX_END_TOKENS = 1024;

  /**
   * Fills what the settings leave open: beam 4, one hypothesis, at most {@code 2 * sourceLength +
   * 32} tokens.
   *
   * @param sourceLength tokens of the source
   * @param positions most tokens that the decoder can be fed
   * @param vocabulary tokens of the target vocabulary
   * @throws DecodingException if settings contradict each other or the model
   */
  public static DecodingParameters of(
      GenerationSettings settings, int sourceLength, int positions, int vocabulary) {
    int beams = orElse(settings.beams(), DEFAULT_BEAMS);
    int nBest = orElse(settings.nBest(), 1);
    require(beams >= 1 && beams <= MAX_BEAMS, "beam", beams, "1 to " + MAX_BEAMS);
    require(nBest >= 1 && nBest <= beams, "n-best", nBest, "1 to the beam size, which is " + beams);
    float lengthPenalty = orElse(settings.lengthPenalty(), 1f);
    require(Float.isFinite(lengthPenalty), "length penalty", lengthPenalty, "a finite number");
    float repetitionPenalty = orElse(settings.repetitionPenalty(), 1f);
    require(
        repetitionPenalty > 0 && Float.isFinite(repetitionPenalty),
        "repetition penalty",
        repetitionPenalty,
        "a number above 0");
    int noRepeatNgram = orElse(settings.noRepeatNgram(), 0);
    require(noRepeatNgram >= 0, "no-repeat n-gram size", noRepeatNgram, "0 (off) or more");
    Integer start = settings.startToken();
    List<Integer> ends = settings.endTokens();
    if (start == null || ends == null || ends.isEmpty()) {
      throw new DecodingException(
          "the model has no " + (start == null ? "start" : "end") + " token for its decoder");
    }
    require(start >= 0 && start < vocabulary, "start token", start, "0 to " + (vocabulary - 1));
    Integer first = settings.forcedFirstToken();
    tokens("forced first token", first == null ? null : List.of(first), vocabulary);
    int maxLength = maxLength(settings, sourceLength, positions);
    return new DecodingParameters(
        beams,
        nBest,
        lengthPenalty,
        settings.earlyStopping() == null ? EarlyStopping.FALSE : settings.earlyStopping(),
        repetitionPenalty,
        noRepeatNgram,
        minLength(settings),
        maxLength,
        start,
        endTokens(ends, vocabulary),
        first,
        tokens("forced last token", settings.forcedLastTokens(), vocabulary),
        tokens("blocked token", settings.blockedTokens(), vocabulary),
        tokens("suppressed token", settings.suppressedTokens(), vocabulary),
        tokens("begin-suppressed token", settings.beginSuppressedTokens(), vocabulary));
  }

  /** Returns whether a token ends a hypothesis. */
  boolean ends(int token) {
    for (int i = 0; i < endTokens.size(); i++) {
      if (endTokens.get(i) == token) {
        return true;
      }
    }
    return false;
  }

  private static int maxLength(GenerationSettings settings, int sourceLength, int positions) {
    if (settings.maxTokensPerSource() != null) {
      double factor = settings.maxTokensPerSource();
      require(
          factor >= 0 && Double.isFinite(factor),
          "max-tokens-per-source",
          factor,
          "a number from 0");
      double most = factor * sourceLength + orElse(settings.maxTokens(), 0);
      return (int) Math.min(Math.max(most, 1), positions) + 1;
    }
    if (settings.maxTokens() != null) {
      int tokens = settings.maxTokens();
      require(
          tokens >= 1 && tokens <= positions,
          "max-tokens",
          tokens,
          "1 to " + positions + ", the model's positions");
      return tokens + 1;
    }
    if (settings.maxLength() != null) {
      require(settings.maxLength() >= 2, "maximum length", settings.maxLength(), "2 or more");
      return (int) Math.min(settings.maxLength(), positions + 1L);
    }
    return (int) Math.min(2L * sourceLength + 32, positions) + 1;
  }

  private static int minLength(GenerationSettings settings) {
    if (settings.minTokens() != null) {
      require(settings.minTokens() >= 0, "min-tokens", settings.minTokens(), "0 or more");
      return settings.minTokens() + 1;
    }
    return orElse(settings.minLength(), 0);
  }

  private static List<Integer> endTokens(List<Integer> tokens, int vocabulary) {
    List<Integer> ends =
        tokens("end token", tokens, vocabulary).stream().distinct().collect(Collectors.toList());
    require(
        ends.size() <= MAX_END_TOKENS,
        "number of end tokens",
        ends.size(),
        "1 to " + MAX_END_TOKENS);
    return ends;
  }

  private static List<Integer> tokens(String name, @Nullable List<Integer> tokens, int vocabulary) {
    if (tokens == null) {
      return List.of();
    }
    for (int token : tokens) {
      require(token >= 0 && token < vocabulary, name, token, "0 to " + (vocabulary - 1));
    }
    return tokens;
  }

  private static void require(boolean holds, String name, Number found, String allowed) {
    if (!holds) {
      throw new DecodingException(name + " is " + found + "; allowed: " + allowed);
    }
  }

  private static int orElse(@Nullable Integer value, int other) {
    return value == null ? other : value;
  }

  private static float orElse(@Nullable Float value, float other) {
    return value == null ? other : value;
  }
}
