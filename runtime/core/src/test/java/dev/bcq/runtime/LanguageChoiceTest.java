package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.runtime.text.LanguageTokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanguageChoiceTest {
  private static final List<Language> LANGUAGES =
      List.of(new Language("de", 7), new Language("en", 8), new Language("fr", 9));

  private static TextLanguages languages(TargetUse use, @Nullable Integer target) {
    return new TextLanguages(LANGUAGES, SourcePlace.FIRST, use, 8, target);
  }

  private static TranslationOptions options(@Nullable String source, @Nullable String target) {
    return TranslationOptions.DEFAULT.withLanguages(source, target);
  }

  @Test
  void namedLanguagesWinOverDefaults() {
    TextLanguages languages = languages(TargetUse.FORCED_FIRST, 7);
    assertEquals(
        new LanguageTokens(8, 7), LanguageChoice.of(languages, options(null, null)).tokens());
    assertEquals(
        new LanguageTokens(9, 8), LanguageChoice.of(languages, options("fr", "en")).tokens());
  }

  @Test
  void theTargetsLanguageIsWhatItsFamilyWants() {
    GenerationSettings stored =
        GenerationSettings.builder().forcedFirstToken(3).startToken(2).build();
    LanguageChoice forced =
        LanguageChoice.of(languages(TargetUse.FORCED_FIRST, null), options(null, "fr"));
    assertEquals(9, forced.apply(stored).forcedFirstToken());
    assertEquals(2, forced.apply(stored).startToken());
    LanguageChoice start = LanguageChoice.of(languages(TargetUse.START, null), options(null, "fr"));
    assertEquals(9, start.apply(stored).startToken());
    assertEquals(3, start.apply(stored).forcedFirstToken());
    // A default of the tokenizer does not change what the model's file says of decoding.
    LanguageChoice usual =
        LanguageChoice.of(languages(TargetUse.FORCED_FIRST, 7), options(null, null));
    assertEquals(3, usual.apply(stored).forcedFirstToken());
    assertEquals(7, usual.apply(GenerationSettings.NONE).forcedFirstToken());
  }

  @Test
  void aMissingLanguageIsAskedFor() {
    LanguageChoice open =
        LanguageChoice.of(languages(TargetUse.FORCED_FIRST, null), options(null, null));
    LanguageException thrown =
        assertThrows(LanguageException.class, () -> open.check(GenerationSettings.NONE, false));
    assertEquals(
        "the target language is missing (--target-language); the model has: de, en, fr",
        thrown.getMessage());
    open.check(GenerationSettings.builder().forcedFirstToken(9).build(), false);
    LanguageChoice prefix =
        LanguageChoice.of(languages(TargetUse.SOURCE_PREFIX, null), options(null, null));
    prefix.check(GenerationSettings.NONE, true);
    assertThrows(LanguageException.class, () -> prefix.check(GenerationSettings.NONE, false));
  }

  @Test
  void unknownLanguagesAreRefusedWithThoseThatThereAre() {
    LanguageException thrown =
        assertThrows(
            LanguageException.class,
            () -> LanguageChoice.of(languages(TargetUse.FORCED_FIRST, null), options("xx", null)));
    assertEquals("source language 'xx' is unknown; the model has: de, en, fr", thrown.getMessage());
    List<Language> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(new Language((char) ('a' + i % 25) + "_" + i, i));
    }
    TextLanguages all =
        new TextLanguages(many, SourcePlace.FIRST, TargetUse.FORCED_FIRST, null, null);
    thrown =
        assertThrows(LanguageException.class, () -> LanguageChoice.of(all, options("bg", null)));
    assertEquals(
        "source language 'bg' is unknown; the model has: b_1, b_26, b_51, b_76, b_101, b_126,"
            + " b_151, b_176 and 192 more (bcq-inspect lists them)",
        thrown.getMessage());
    assertThrows(LanguageException.class, () -> LanguageChoice.of(all, options("", null)));
  }

  @Test
  void modelsWithoutAChoiceRefuseIt() {
    LanguageException thrown =
        assertThrows(
            LanguageException.class,
            () -> LanguageChoice.of(TextLanguages.NONE, options(null, "de")));
    assertTrue(
        String.valueOf(thrown.getMessage()).contains("translates between fixed languages"),
        thrown.getMessage());
  }
}
