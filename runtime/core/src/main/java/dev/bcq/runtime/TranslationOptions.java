package dev.bcq.runtime;

import dev.bcq.format.GenerationSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of one translation. Settings win over those of the task, which win over the
 * file's defaults.
 *
 * @param task name of a task that the file describes, or null
 * @param settings decoding settings; those left open come from the task or the file
 * @param sourceLanguage name of the source's language for a model with a choice ({@code de_DE},
 *     {@code deu_Latn}, {@code de}), or null for the file's default
 * @param targetLanguage likewise of the target's
 */
public record TranslationOptions(
    @Nullable String task,
    GenerationSettings settings,
    @Nullable String sourceLanguage,
    @Nullable String targetLanguage) {

  /** The file's defaults. */
  public static final TranslationOptions DEFAULT =
      new TranslationOptions(null, GenerationSettings.NONE);

  /** Creates options without languages. */
  public TranslationOptions(@Nullable String task, GenerationSettings settings) {
    this(task, settings, null, null);
  }

  /** Returns options with these settings and no task. */
  public static TranslationOptions of(GenerationSettings settings) {
    return new TranslationOptions(null, settings);
  }

  /** Returns these options with other languages. */
  public TranslationOptions withLanguages(@Nullable String source, @Nullable String target) {
    return new TranslationOptions(task, settings, source, target);
  }
}
