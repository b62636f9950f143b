package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decoding options, each set or not ({@code null}). The same type serves a file's defaults, its
 * tasks and a caller's wishes; {@link #orElse} lays one over another. Meanings are those of Hugging
 * Face {@code generate}, lengths count generated tokens unless said otherwise.
 *
 * @param prefix text put in front of every source
 * @param beams beam size; 1 is greedy search
 * @param nBest number of hypotheses returned, at most {@code beams}
 * @param lengthPenalty exponent of the length that divides the sum of log-probabilities
 * @param earlyStopping when a full list ends the search
 * @param repetitionPenalty divisor of positive, factor of negative scores of tokens that the target
 *     holds already
 * @param noRepeatNgram no n-gram of this size occurs twice in the target; 0 switches off
 * @param minTokens fewest generated tokens in front of the end token
 * @param maxTokens most generated tokens, end token included
 * @param minLength as {@code minTokens}, the decoder's start token counted in; {@code minTokens}
 *     wins
 * @param maxLength as {@code maxTokens}, the decoder's start token counted in; {@code maxTokens}
 *     wins
 * @param maxTokensPerSource as many more than {@code maxTokens} for each token of the source; the
 *     model's positions are a limit then
 * @param startToken first input of the decoder
 * @param endTokens tokens that end a hypothesis
 * @param forcedFirstToken token that every hypothesis begins with
 * @param forcedLastTokens tokens, one of which must be the last when the maximum is reached
 * @param blockedTokens tokens that are never generated unless forced (single-token {@code
 *     bad_words_ids})
 * @param suppressedTokens tokens that are never generated, not even when forced ({@code
 *     suppress_tokens})
 * @param beginSuppressedTokens tokens that are not generated first ({@code begin_suppress_tokens})
 */
public record GenerationSettings(
    @Nullable String prefix,
    @Nullable Integer beams,
    @Nullable Integer nBest,
    @Nullable Float lengthPenalty,
    @Nullable EarlyStopping earlyStopping,
    @Nullable Float repetitionPenalty,
    @Nullable Integer noRepeatNgram,
    @Nullable Integer minTokens,
    @Nullable Integer maxTokens,
    @Nullable Integer minLength,
    @Nullable Integer maxLength,
    @Nullable Double maxTokensPerSource,
    @Nullable Integer startToken,
    @Nullable List<Integer> endTokens,
    @Nullable Integer forcedFirstToken,
    @Nullable List<Integer> forcedLastTokens,
    @Nullable List<Integer> blockedTokens,
    @Nullable List<Integer> suppressedTokens,
    @Nullable List<Integer> beginSuppressedTokens) {

  /** Settings of which none is set. */
  public static final GenerationSettings NONE = builder().build();

  /** Copies the lists. */
  public GenerationSettings {
    endTokens = copy(endTokens);
    forcedLastTokens = copy(forcedLastTokens);
    blockedTokens = copy(blockedTokens);
    suppressedTokens = copy(suppressedTokens);
    beginSuppressedTokens = copy(beginSuppressedTokens);
  }

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns these settings, with those that are not set taken from {@code other}. A maximum in any
   * form hides all forms of {@code other}, and so does a minimum.
   */
  public GenerationSettings orElse(GenerationSettings other) {
    boolean maximum = maxTokens != null || maxLength != null || maxTokensPerSource != null;
    boolean minimum = minTokens != null || minLength != null;
    return new GenerationSettings(
        first(prefix, other.prefix),
        first(beams, other.beams),
        first(nBest, other.nBest),
        first(lengthPenalty, other.lengthPenalty),
        first(earlyStopping, other.earlyStopping),
        first(repetitionPenalty, other.repetitionPenalty),
        first(noRepeatNgram, other.noRepeatNgram),
        minimum ? minTokens : other.minTokens,
        maximum ? maxTokens : other.maxTokens,
        minimum ? minLength : other.minLength,
        maximum ? maxLength : other.maxLength,
        maximum ? maxTokensPerSource : other.maxTokensPerSource,
        first(startToken, other.startToken),
        first(endTokens, other.endTokens),
        first(forcedFirstToken, other.forcedFirstToken),
        first(forcedLastTokens, other.forcedLastTokens),
        first(blockedTokens, other.blockedTokens),
        first(suppressedTokens, other.suppressedTokens),
        first(beginSuppressedTokens, other.beginSuppressedTokens));
  }

  private static <T> @Nullable T first(@Nullable T mine, @Nullable T other) {
    return mine != null ? mine : other;
  }

  private static @Nullable List<Integer> copy(@Nullable List<Integer> list) {
    return list == null ? null : List.copyOf(list);
  }

  /** Collects settings one by one. */
  public static final class Builder {
    private @Nullable String prefix;
    private @Nullable Integer beams;
    private @Nullable Integer nBest;
    private @Nullable Float lengthPenalty;
    private @Nullable EarlyStopping earlyStopping;
    private @Nullable Float repetitionPenalty;
    private @Nullable Integer noRepeatNgram;
    private @Nullable Integer minTokens;
    private @Nullable Integer maxTokens;
    private @Nullable Integer minLength;
    private @Nullable Integer maxLength;
    private @Nullable Double maxTokensPerSource;
    private @Nullable Integer startToken;
    private @Nullable List<Integer> endTokens;
    private @Nullable Integer forcedFirstToken;
    private @Nullable List<Integer> forcedLastTokens;
    private @Nullable List<Integer> blockedTokens;
    private @Nullable List<Integer> suppressedTokens;
    private @Nullable List<Integer> beginSuppressedTokens;

    private Builder() {}

    /** Sets {@link GenerationSettings#prefix}; null leaves it open. */
    public Builder prefix(@Nullable String value) {
      this.prefix = value;
      return this;
    }

    /** Sets {@link GenerationSettings#beams}; null leaves it open. */
    public Builder beams(@Nullable Integer value) {
      this.beams = value;
      return this;
    }

    /** Sets {@link GenerationSettings#nBest}; null leaves it open. */
    public Builder nBest(@Nullable Integer value) {
      this.nBest = value;
      return this;
    }

    /** Sets {@link GenerationSettings#lengthPenalty}; null leaves it open. */
    public Builder lengthPenalty(@Nullable Float value) {
      this.lengthPenalty = value;
      return this;
    }

    /** Sets {@link GenerationSettings#earlyStopping}; null leaves it open. */
    public Builder earlyStopping(@Nullable EarlyStopping value) {
      this.earlyStopping = value;
      return this;
    }

    /** Sets {@link GenerationSettings#repetitionPenalty}; null leaves it open. */
    public Builder repetitionPenalty(@Nullable Float value) {
      this.repetitionPenalty = value;
      return this;
    }

    /** Sets {@link GenerationSettings#noRepeatNgram}; null leaves it open. */
    public Builder noRepeatNgram(@Nullable Integer value) {
      this.noRepeatNgram = value;
      return this;
    }

    /** Sets {@link GenerationSettings#minTokens}; null leaves it open. */
    public Builder minTokens(@Nullable Integer value) {
      this.minTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#maxTokens}; null leaves it open. */
    public Builder maxTokens(@Nullable Integer value) {
      this.maxTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#minLength}; null leaves it open. */
    public Builder minLength(@Nullable Integer value) {
      this.minLength = value;
      return this;
    }

    /** Sets {@link GenerationSettings#maxLength}; null leaves it open. */
    public Builder maxLength(@Nullable Integer value) {
      this.maxLength = value;
      return this;
    }

    /** Sets {@link GenerationSettings#maxTokensPerSource}; null leaves it open. */
    public Builder maxTokensPerSource(@Nullable Double value) {
      this.maxTokensPerSource = value;
      return this;
    }

    /** Sets {@link GenerationSettings#startToken}; null leaves it open. */
    public Builder startToken(@Nullable Integer value) {
      this.startToken = value;
      return this;
    }

    /** Sets {@link GenerationSettings#endTokens}; null leaves it open. */
    public Builder endTokens(@Nullable List<Integer> value) {
      this.endTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#forcedFirstToken}; null leaves it open. */
    public Builder forcedFirstToken(@Nullable Integer value) {
      this.forcedFirstToken = value;
      return this;
    }

    /** Sets {@link GenerationSettings#forcedLastTokens}; null leaves it open. */
    public Builder forcedLastTokens(@Nullable List<Integer> value) {
      this.forcedLastTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#blockedTokens}; null leaves it open. */
    public Builder blockedTokens(@Nullable List<Integer> value) {
      this.blockedTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#suppressedTokens}; null leaves it open. */
    public Builder suppressedTokens(@Nullable List<Integer> value) {
      this.suppressedTokens = value;
      return this;
    }

    /** Sets {@link GenerationSettings#beginSuppressedTokens}; null leaves it open. */
    public Builder beginSuppressedTokens(@Nullable List<Integer> value) {
      this.beginSuppressedTokens = value;
      return this;
    }

    /** Returns the settings. */
    public GenerationSettings build() {
      return new GenerationSettings(
          prefix,
          beams,
          nBest,
          lengthPenalty,
          earlyStopping,
          repetitionPenalty,
          noRepeatNgram,
          minTokens,
          maxTokens,
          minLength,
          maxLength,
          maxTokensPerSource,
          startToken,
          endTokens,
          forcedFirstToken,
          forcedLastTokens,
          blockedTokens,
          suppressedTokens,
          beginSuppressedTokens);
    }
  }
}
