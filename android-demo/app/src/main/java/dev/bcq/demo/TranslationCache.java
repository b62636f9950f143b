package dev.bcq.demo;

import dev.bcq.runtime.TextTranslation;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recent translations, so that a turned screen or a deleted letter costs nothing. Bounded by the
 * characters in it. Thread-safe.
 */
final class TranslationCache {
  private static final int MOST_CHARACTERS = 1 << 19;

  private final Map<TranslationRequest, TextTranslation> entries =
      new LinkedHashMap<>(16, 0.75f, true);
  private int characters;

  synchronized @Nullable TextTranslation get(TranslationRequest request) {
    return entries.get(request);
  }

  synchronized void put(TranslationRequest request, TextTranslation translation) {
    if (entries.put(request, translation) == null) {
      characters += request.text().length();
    }
    Iterator<TranslationRequest> oldest = entries.keySet().iterator();
    while (characters > MOST_CHARACTERS && oldest.hasNext()) {
      characters -= oldest.next().text().length();
      oldest.remove();
    }
  }

  synchronized void clear() {
    entries.clear();
    characters = 0;
  }

  synchronized int size() {
    return entries.size();
  }
}
