package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The languages of a model that knows several, and what they set.
 *
 * @param all languages; empty for a model that has no choice
 * @param sourcePlace where the token of the source's language stands
 * @param targetUse what the token of the target's language is
 * @param source id of the source's language if none is named; null if it has to be named
 * @param target id of the target's language if none is named; null if it has to be named
 */
public record TextLanguages(
    List<Language> all,
    SourcePlace sourcePlace,
    TargetUse targetUse,
    @Nullable Integer source,
    @Nullable Integer target) {

  /** No choice of languages. */
  public static final TextLanguages NONE =
      new TextLanguages(List.of(), SourcePlace.NOWHERE, TargetUse.NOTHING, null, null);

  /**
   * A language.
   *
   * @param name what users call it, as the model's family does: {@code de_DE}, {@code deu_Latn},
   *     {@code de}
   * @param token its id
   */
  public record Language(String name, int token) {}

  /** Where the token of the source's language stands among the source's tokens. */
  public enum SourcePlace {
    /** The model does not read it. */
    NOWHERE,
    /** In front of everything else. */
    FIRST,
    /** Behind everything else. */
    LAST
  }

  /** What the token of the target's language is. */
  public enum TargetUse {
    /** The model makes one language. */
    NOTHING,
    /** The first token of the source. */
    SOURCE_PREFIX,
    /** What the decoder starts with. */
    START,
    /** The first token that the decoder makes, and of a given target. */
    FORCED_FIRST
  }
}
