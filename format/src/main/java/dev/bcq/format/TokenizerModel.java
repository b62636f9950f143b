package dev.bcq.format;

import dev.bcq.format.SentencePieceModel.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What turns text into token ids and back.
 *
 * @param source what cuts a source
 * @param target what cuts a target and joins translations; null if it is the source's
 * @param vocabulary token of each id, where ids are looked up by the pieces' text (Marian's {@code
 *     vocab.json}, {@code dict.txt}); empty if a piece's number is its id
 * @param targetVocabulary likewise for the target; empty if it is the source's
 * @param unknown id of pieces that the vocabulary lacks; those that {@code targetVocabulary} lacks
 *     have the id of the same token there, if it has it
 * @param sourceFrame tokens around those of a source
 * @param targetFrame tokens around those of a target
 * @param hidden ids that have no text; pieces of a {@link SentencePieceModel} that are control
 *     pieces have none either
 * @param languages languages to choose from
 * @param languageTokens a leading {@code >>..<<} of a source is one token, looked up as a whole
 */
public record TokenizerModel(
    TextPipeline source,
    @Nullable TextPipeline target,
    List<String> vocabulary,
    List<String> targetVocabulary,
    int unknown,
    TokenFrame sourceFrame,
    TokenFrame targetFrame,
    List<Integer> hidden,
    TextLanguages languages,
    boolean languageTokens) {

  private static final Set<String> SPECIAL = Set.of("<pad>", "<s>", "</s>", "<unk>");

  /**
   * Returns the tokenizer of SentencePiece models that put an end token behind every text.
   *
   * @param target null if it is the source's
   * @param vocabulary empty if a piece's number is its id
   */
  public static TokenizerModel of(
      SentencePieceModel source,
      @Nullable SentencePieceModel target,
      List<String> vocabulary,
      int unknown,
      int end,
      boolean languageTokens) {
    return new TokenizerModel(
        TextPipeline.of(source),
        target == null ? null : TextPipeline.of(target),
        vocabulary,
        List.of(),
        unknown,
        TokenFrame.endingIn(end),
        TokenFrame.endingIn(end),
        hidden(vocabulary, unknown, end),
        TextLanguages.NONE,
        languageTokens);
  }

  /**
   * Returns a tokenizer whose pieces are looked up by their text.
   *
   * @param target null if it is the source's
   * @param sourceVocabulary token of each id
   * @param targetVocabulary likewise
   * @param unknown id of the unknown token in {@code sourceVocabulary}
   * @param end id in {@code targetVocabulary} of the token behind every target
   */
  public static TokenizerModel lookedUp(
      TextPipeline source,
      @Nullable TextPipeline target,
      List<String> sourceVocabulary,
      List<String> targetVocabulary,
      int unknown,
      TokenFrame sourceFrame,
      int end) {
    int targetUnknown = targetVocabulary.indexOf(sourceVocabulary.get(unknown));
    return new TokenizerModel(
        source,
        target,
        sourceVocabulary,
        sourceVocabulary.equals(targetVocabulary) ? List.of() : targetVocabulary,
        unknown,
        sourceFrame,
        TokenFrame.endingIn(end),
        hidden(targetVocabulary, targetUnknown < 0 ? unknown : targetUnknown, end),
        TextLanguages.NONE,
        sourceVocabulary.stream().anyMatch(token -> token.matches(">>.+<<")));
  }

  /** Returns the tokens of a vocabulary that have no text by their names. */
  public static List<Integer> hidden(List<String> vocabulary, int unknown, int end) {
    List<Integer> hidden = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.get(id);
      if (id == unknown
          || id == end
          || SPECIAL.contains(token)
          || (token.startsWith(">>") && token.endsWith("<<"))) {
        hidden.add(id);
      }
    }
    return List.copyOf(hidden);
  }

  /** Returns what cuts a target. */
  public TextPipeline targetOrSource() {
    return target == null ? source : target;
  }

  /** Returns the vocabulary of a target. */
  public List<String> targetOrSourceVocabulary() {
    return targetVocabulary.isEmpty() ? vocabulary : targetVocabulary;
  }

  /** Whether this is all that {@link #of} can say, which the first releases of the format hold. */
  boolean isPlain() {
    return isPlain(source)
        && (target == null || isPlain(target))
        && targetVocabulary.isEmpty()
        && sourceFrame.prefix().isEmpty()
        && sourceFrame.suffix().size() == 1
        && sourceFrame.equals(targetFrame)
        && languages.equals(TextLanguages.NONE)
        && hidden.equals(hidden(vocabulary, unknown, sourceFrame.suffix().get(0)));
  }

  private static boolean isPlain(TextPipeline pipeline) {
    return pipeline.isBare()
        && pipeline.model() instanceof SentencePieceModel model
        && model.algorithm() == Algorithm.UNIGRAM;
  }
}
