package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text to a model's token ids and back. What a user types never becomes a special token, but for
 * the language token that a Marian source may begin with. Immutable and thread-safe.
 */
public final class Tokenizer {
  private final TokenizerModel model;
  private final Segmenter source;
  private final Segmenter target;
  private final Vocabulary sourceVocabulary;
  private final BitSet hidden = new BitSet();

  /** Prepares a tokenizer. */
  public Tokenizer(TokenizerModel model) {
    this.model = model;
    model.hidden().forEach(hidden::set);
    Set<String> special = texts(model.targetOrSourceVocabulary(), hidden);
    this.sourceVocabulary =
        new Vocabulary(
            model.vocabulary(),
            model.unknown(),
            model.targetVocabulary().isEmpty() ? special : withOwn(special, model));
    Vocabulary targetVocabulary =
        model.targetVocabulary().isEmpty()
            ? sourceVocabulary
            : new Vocabulary(model.targetVocabulary(), targetUnknown(model), special);
    this.source = segmenter(model.source(), sourceVocabulary);
    this.target =
        model.target() == null && targetVocabulary == sourceVocabulary
            ? source
            : segmenter(model.targetOrSource(), targetVocabulary);
  }

  /** Returns special tokens, and those that a vocabulary of the source alone has. */
  private static Set<String> withOwn(Set<String> special, TokenizerModel model) {
    BitSet own = new BitSet();
    TokenizerModel.hidden(model.vocabulary(), model.unknown(), model.unknown()).forEach(own::set);
    Set<String> all = texts(model.vocabulary(), own);
    all.addAll(special);
    return all;
  }

  /** Returns the id that the unknown token has in the vocabulary of targets. */
  private static int targetUnknown(TokenizerModel model) {
    int unknown = model.unknown();
    boolean named = unknown < model.vocabulary().size();
    int same = named ? model.targetVocabulary().indexOf(model.vocabulary().get(unknown)) : -1;
    return same < 0 ? unknown : same;
  }

  /** Returns the tokens with the given ids. */
  static Set<String> texts(List<String> tokens, BitSet ids) {
    Set<String> texts = new HashSet<>();
    for (int id = ids.nextSetBit(0); id >= 0 && id < tokens.size(); id = ids.nextSetBit(id + 1)) {
      texts.add(tokens.get(id));
    }
    return texts;
  }

  private Segmenter segmenter(TextPipeline pipeline, Vocabulary vocabulary) {
    return pipeline.isBare() && pipeline.model() instanceof SentencePieceModel pieces
        ? new SentencePieceSegmenter(pieces, vocabulary)
        : new PipelineSegmenter(pipeline, vocabulary, hidden);
  }

  /** Returns the languages that the model knows. */
  public TextLanguages languages() {
    return model.languages();
  }

  /** Returns the languages that are taken if none are named. */
  public LanguageTokens defaultLanguages() {
    return new LanguageTokens(model.languages().source(), model.languages().target());
  }

  /** Returns the tokens of a source text in the default languages, and those around them. */
  public int[] encode(String text) {
    return encode(text, defaultLanguages());
  }

  /** Returns the tokens of a source text and those around them. */
  public int[] encode(String text, LanguageTokens languages) {
    int end = endOfLanguage(text);
    Integer first = sourceFirst(text, languages);
    boolean last = model.languages().sourcePlace() == SourcePlace.LAST;
    return framed(
        source.encode(end > 0 ? text.substring(end) : text),
        model.sourceFrame(),
        first,
        last ? languages.source() : null);
  }

  private @Nullable Integer sourceFirst(String text, LanguageTokens languages) {
    int end = endOfLanguage(text);
    if (end > 0) {
      return sourceVocabulary.id(text.substring(0, end));
    }
    if (model.languages().targetUse() == TargetUse.SOURCE_PREFIX) {
      return languages.target();
    }
    return model.languages().sourcePlace() == SourcePlace.FIRST ? languages.source() : null;
  }

  /** Whether a source text itself says which language it is to be translated into. */
  public boolean namesTarget(String text) {
    return endOfLanguage(text) > 0;
  }

  private int endOfLanguage(String text) {
    int end = model.languageTokens() && text.startsWith(">>") ? text.indexOf("<<") + 2 : 0;
    return end > 2 && sourceVocabulary.id(text.substring(0, end)) != null ? end : 0;
  }

  /** Whether a source text has no token of its own. */
  public boolean isEmpty(String text, int[] ids, LanguageTokens languages) {
    TokenFrame frame = model.sourceFrame();
    int around = frame.prefix().size() + frame.suffix().size();
    around += sourceFirst(text, languages) == null ? 0 : 1;
    around +=
        model.languages().sourcePlace() == SourcePlace.LAST && languages.source() != null ? 1 : 0;
    return ids.length <= around;
  }

  /** Returns the tokens of a target text in the default language, and those around them. */
  public int[] encodeTarget(String text) {
    return encodeTarget(text, defaultLanguages());
  }

  /** Returns the tokens of a target text and those around them. */
  public int[] encodeTarget(String text, LanguageTokens languages) {
    boolean forced = model.languages().targetUse() == TargetUse.FORCED_FIRST;
    return framed(
        target.encode(text), model.targetFrame(), forced ? languages.target() : null, null);
  }

  private static int[] framed(
      int[] ids, TokenFrame frame, @Nullable Integer first, @Nullable Integer last) {
    List<Integer> prefix = frame.prefix();
    List<Integer> suffix = frame.suffix();
    int before = prefix.size() + (first == null ? 0 : 1);
    int length = before + ids.length + suffix.size() + (last == null ? 0 : 1);
    int[] result = new int[length];
    int at = 0;
    if (first != null) {
      result[at++] = first;
    }
    for (int id : prefix) {
      result[at++] = id;
    }
    System.arraycopy(ids, 0, result, at, ids.length);
    at += ids.length;
    for (int id : suffix) {
      result[at++] = id;
    }
    if (last != null) {
      result[at] = last;
    }
    return result;
  }

  /** Returns the text of target tokens; hidden ones and ids outside the vocabulary have none. */
  public String decode(int[] tokens) {
    return target.decode(Arrays.stream(tokens).filter(id -> id < 0 || !hidden.get(id)).toArray());
  }
}
