package dev.bcq.converter;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GoldenSample;
import dev.bcq.runtime.GoldenSamples;
import dev.bcq.runtime.LanguageChoice;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the golden samples of a file: short sources, what the file says to them, what the float
 * model said.
 */
final class Samples {
  private static final List<String> TEXTS =
      List.of(
          "The weather is nice today.", "How much is it?", "She has lived in Berlin for years.");

  private static final int ID_COUNT = 6;

  private Samples() {}

  /**
   * Makes samples.
   *
   * @param file the file without samples
   * @param reference the same model in float32
   */
  static List<GoldenSample> make(BcqFile file, BcqFile reference) {
    List<GoldenSample> samples = new ArrayList<>();
    TranslationOptions options =
        LanguageChoice.complete(file.directory(), TranslationOptions.DEFAULT);
    try (Translator translator = Translator.of(file, GoldenSamples.OPTIONS);
        Translator floats = Translator.of(reference, GoldenSamples.OPTIONS)) {
      for (int i = 0; i < TEXTS.size(); i++) {
        boolean hasText = file.tokenizer() != null;
        int[] ids =
            hasText ? translator.sourceIds(TEXTS.get(i), options) : ids(file.directory(), i);
        TargetText found = GoldenSamples.translate(translator, ids);
        TargetText wanted = GoldenSamples.translate(floats, ids);
        samples.add(
            new GoldenSample(
                hasText ? TEXTS.get(i) : "",
                Arrays.stream(ids).boxed().toList(),
                found.ids(),
                found.score(),
                wanted.ids(),
                wanted.score()));
      }
    }
    return samples;
  }

  private static int[] ids(BcqDirectory directory, int sample) {
    int vocabulary = directory.config().sourceVocabulary();
    int[] ids = new int[ID_COUNT];
    for (int i = 0; i < ID_COUNT; i++) {
      ids[i] = (int) ((sample + 1L) * (i + 7L) * 7919 % vocabulary);
    }
    return ids;
  }
}
