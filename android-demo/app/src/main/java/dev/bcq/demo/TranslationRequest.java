package dev.bcq.demo;

import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.TranslationOptions;
import org.jspecify.annotations.Nullable;

/**
 * What to translate.
 *
 * @param sourceLanguage for a model with a choice, or null
 * @param targetLanguage likewise
 * @param alternatives translations of each sentence that are wanted, 1 for the best alone
 */
record TranslationRequest(
    String text,
    @Nullable String sourceLanguage,
    @Nullable String targetLanguage,
    int alternatives) {

  TranslationOptions options() {
    GenerationSettings settings =
        alternatives == 1
            ? GenerationSettings.NONE
            : GenerationSettings.builder().beams(alternatives).nBest(alternatives).build();
    return TranslationOptions.of(settings).withLanguages(sourceLanguage, targetLanguage);
  }
}
