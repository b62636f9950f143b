package dev.bcq.runtime;

import dev.bcq.format.GenerationSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of one translation. Settings win over those of the task, which win over the
 * file's defaults.
 *
 * @param task name of a task that the file describes, or null
 * @param settings decoding settings; those left open come from the task or the file
 */
public record TranslationOptions(@Nullable String task, GenerationSettings settings) {

  /** The file's defaults. */
  public static final TranslationOptions DEFAULT =
      new TranslationOptions(null, GenerationSettings.NONE);

  /** Returns options with these settings and no task. */
  public static TranslationOptions of(GenerationSettings settings) {
    return new TranslationOptions(null, settings);
  }
}
