package dev.bcq.runtime;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.Language;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.runtime.text.LanguageTokens;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The languages that options name, found among those of a model.
 *
 * @param languages what the model knows
 * @param tokens the languages' ids, the model's defaults among them
 * @param targetNamed whether the options name the target's language
 */
public record LanguageChoice(TextLanguages languages, LanguageTokens tokens, boolean targetNamed) {
  private static final int MOST_LISTED = 30;

  /**
   * Finds the languages of a translation.
   *
   * @param languages what the model knows; {@link TextLanguages#NONE} for a model without tokenizer
   * @throws LanguageException if a language is unknown, or the model has no choice of it
   */
  public static LanguageChoice of(TextLanguages languages, TranslationOptions options) {
    String source = options.sourceLanguage();
    String target = options.targetLanguage();
    boolean fixedSource = languages.sourcePlace() == SourcePlace.NOWHERE;
    boolean fixedTarget = languages.targetUse() == TargetUse.NOTHING;
    if (source != null && fixedSource) {
      throw noChoice("source", source, languages);
    }
    if (target != null && fixedTarget) {
      throw noChoice("target", target, languages);
    }
    return new LanguageChoice(
        languages,
        new LanguageTokens(
            source == null ? languages.source() : find("source", source, languages),
            target == null ? languages.target() : find("target", target, languages)),
        target != null);
  }

  private static LanguageException noChoice(String side, String name, TextLanguages languages) {
    return new LanguageException(
        String.format(
            Locale.ROOT,
            "%s language '%s': this model %s; leave the option out",
            side,
            name,
            languages.all().isEmpty()
                ? "translates between fixed languages"
                : "has no choice of its " + side + " language"));
  }

  private static Integer find(String side, String name, TextLanguages languages) {
    for (Language language : languages.all()) {
      if (language.name().equals(name)) {
        return language.token();
      }
    }
    throw new LanguageException(
        String.format(
            Locale.ROOT,
            "%s language '%s' is unknown; the model has: %s",
            side,
            name,
            listed(languages, name)));
  }

  /**
   * Returns the options with languages for a model that has no defaults, so that any text can be
   * translated, for a sample: what the options lack is the model's first language.
   */
  public static TranslationOptions complete(BcqDirectory directory, TranslationOptions options) {
    TextLanguages languages =
        directory.tokenizer() == null ? TextLanguages.NONE : directory.tokenizer().languages();
    boolean source =
        options.sourceLanguage() == null
            && languages.source() == null
            && languages.sourcePlace() != SourcePlace.NOWHERE;
    boolean target =
        options.targetLanguage() == null
            && languages.target() == null
            && languages.targetUse() != TargetUse.NOTHING;
    if (!source && !target) {
      return options;
    }
    String first = languages.all().get(0).name();
    return options.withLanguages(
        source ? first : options.sourceLanguage(), target ? first : options.targetLanguage());
  }

  /**
   * Checks that nothing is left open for a text.
   *
   * @param settings what decoding would work with
   * @param namesTarget whether the text itself names the target's language
   * @throws LanguageException if a language has to be named
   */
  void check(GenerationSettings settings, boolean namesTarget) {
    if (languages.sourcePlace() != SourcePlace.NOWHERE && tokens.source() == null) {
      throw missing("source");
    }
    boolean open =
        switch (languages.targetUse()) {
          case NOTHING -> false;
          case SOURCE_PREFIX -> !namesTarget;
          case START -> settings.startToken() == null;
          case FORCED_FIRST -> settings.forcedFirstToken() == null;
        };
    if (open && tokens.target() == null) {
      throw missing("target");
    }
  }

  private LanguageException missing(String side) {
    return new LanguageException(
        String.format(
            Locale.ROOT,
            "the %s language is missing (--%s-language); the model has: %s",
            side,
            side,
            listed(languages, null)));
  }

  /** Returns settings that make the target's language. */
  GenerationSettings apply(GenerationSettings settings) {
    Integer target = tokens.target();
    if (target == null) {
      return settings;
    }
    GenerationSettings made =
        switch (languages.targetUse()) {
          case START -> GenerationSettings.builder().startToken(target).build();
          case FORCED_FIRST -> GenerationSettings.builder().forcedFirstToken(target).build();
          case NOTHING, SOURCE_PREFIX -> GenerationSettings.NONE;
        };
    // What a file says of decoding counts more than a default of its tokenizer.
    return targetNamed ? made.orElse(settings) : settings.orElse(made);
  }

  /** Returns the names of the languages, those that resemble a name first, shortened if many. */
  private static String listed(TextLanguages languages, @Nullable String name) {
    List<String> names = languages.all().stream().map(Language::name).collect(Collectors.toList());
    if (names.size() <= MOST_LISTED) {
      return String.join(", ", names);
    }
    String start = name == null ? "" : beginning(name);
    List<String> shown =
        names.stream()
            .filter(other -> other.toLowerCase(Locale.ROOT).startsWith(start))
            .limit(MOST_LISTED)
            .collect(Collectors.toList());
    if (shown.isEmpty()) {
      shown = names.subList(0, MOST_LISTED);
    }
    return String.join(", ", shown)
        + String.format(
            Locale.ROOT, " and %d more (bcq-inspect lists them)", names.size() - shown.size());
  }

  private static String beginning(String name) {
    return name.substring(
            0, name.offsetByCodePoints(0, Math.min(1, name.codePointCount(0, name.length()))))
        .toLowerCase(Locale.ROOT);
  }
}
