package dev.bcq.demo;

import dev.bcq.format.ModelInfo;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names of languages as the user's language has them. */
final class LanguageNames {

  private LanguageNames() {}

  /** Returns the name for a tag of BCP 47, or of a model's own kind such as {@code deu_Latn}. */
  static String of(String tag) {
    Locale locale = Locale.forLanguageTag(tag.replace('_', '-'));
    String name = locale.getDisplayLanguage();
    return name.isEmpty() ? tag : capitalized(name);
  }

  /** Returns one name for languages; empty if there are none. */
  static String of(List<String> tags) {
    return tags.stream().map(LanguageNames::of).collect(Collectors.joining(", "));
  }

  /** Returns "English → German", or an empty text if the file does not say. */
  static String pair(ModelInfo info) {
    boolean known = !info.sourceLanguages().isEmpty() && !info.targetLanguages().isEmpty();
    return known ? of(info.sourceLanguages()) + " → " + of(info.targetLanguages()) : "";
  }

  private static String capitalized(String name) {
    int first = name.offsetByCodePoints(0, 1);
    return name.substring(0, first).toUpperCase(Locale.getDefault()) + name.substring(first);
  }
}
