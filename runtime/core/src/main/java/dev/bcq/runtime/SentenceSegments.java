package dev.bcq.runtime;

import dev.bcq.runtime.text.SentenceSplitter;
import dev.bcq.runtime.text.TextRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sentences of a text as segments to translate, and their translations as a text. */
final class SentenceSegments {
  /**
   * Most tokens of a segment, whatever the model's positions: models are trained on sentences, and
   * beyond their lengths they lose words.
   */
  static final int MOST_TOKENS = 256;

  /** Languages without spaces between sentences. */
  private static final Set<String> UNSPACED = Set.of("zh", "ja", "th", "lo", "km", "my");

  private final OpenModel model;
  private final String text;
  private final TranslationOptions options;
  private final SentenceSplitter splitter;
  private final List<TextRange> ranges = new ArrayList<>();
  private final List<int[]> sourceIds = new ArrayList<>();

  private SentenceSegments(OpenModel model, String text, TranslationOptions options) {
    this.model = model;
    this.text = text;
    this.options = options;
    this.splitter = SentenceSplitter.of(only(model.sourceLanguages()));
  }

  /** Finds the sentences of a text. */
  static SentenceSegments of(OpenModel model, String text, TranslationOptions options) {
    SentenceSegments segments = new SentenceSegments(model, text, options);
    segments.splitter.split(text).forEach(segments::add);
    return segments;
  }

  private void add(TextRange range) {
    int[] ids = model.sourceIds(range.substringOf(text), options);
    if (ids.length > Math.min(MOST_TOKENS, model.limit())) {
      List<TextRange> parts = splitter.cut(text, range, range.start() + range.length() / 2);
      if (parts.size() > 1) {
        parts.forEach(this::add);
        return;
      }
    }
    ranges.add(range);
    sourceIds.add(ids);
  }

  /** Returns what the encoder reads for each sentence. */
  List<int[]> sourceIds() {
    return sourceIds;
  }

  /** Returns the translated text: the sentences' translations between the source's white space. */
  TextTranslation join(List<Translation> translations) {
    boolean spaced = !isUnspaced(only(model.targetLanguages()));
    StringBuilder joined = new StringBuilder();
    List<TextTranslation.Sentence> sentences = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < ranges.size(); i++) {
      TextRange source = ranges.get(i);
      Translation translation = translations.get(i);
      joined.append(text, at, source.start());
      String target = translation.best().text();
      if (spaced && i > 0 && at == source.start() && !target.isEmpty() && !endsInSpace(joined)) {
        joined.append(' ');
      }
      int start = joined.length();
      joined.append(target);
      TextRange range = new TextRange(start, joined.length());
      sentences.add(new TextTranslation.Sentence(source, range, translation));
      at = source.end();
    }
    joined.append(text, at, text.length());
    return new TextTranslation(joined.toString(), List.copyOf(sentences));
  }

  private static boolean endsInSpace(StringBuilder text) {
    return text.length() == 0 || Character.isWhitespace(text.charAt(text.length() - 1));
  }

  private static boolean isUnspaced(@Nullable String language) {
    return language != null
        && UNSPACED.contains(language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT));
  }

  /** Returns the language if there is just one. */
  private static @Nullable String only(List<String> languages) {
    return languages.size() == 1 ? languages.get(0) : null;
  }
}
