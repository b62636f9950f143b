package dev.bcq.runtime.text;

import org.jspecify.annotations.Nullable;

/**
 * The languages of one text, as the model's tokens.
 *
 * @param source id of the source's language; null if the model has no such token
 * @param target id of the target's language; likewise
 */
public record LanguageTokens(@Nullable Integer source, @Nullable Integer target) {
  /** No languages. */
  public static final LanguageTokens NONE = new LanguageTokens(null, null);
}
