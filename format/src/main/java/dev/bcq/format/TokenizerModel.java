package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What turns text into token ids and back.
 *
 * @param source SentencePiece model of the source
 * @param target SentencePiece model of the target; null if it is the source's
 * @param vocabulary token of each id, where ids are looked up by the pieces' text (Marian's {@code
 *     vocab.json}); empty if a piece's number is its id
 * @param unknown id of pieces that the vocabulary lacks
 * @param end id appended to every text
 * @param languageTokens a leading {@code >>..<<} of a source is one token, looked up as a whole
 */
public record TokenizerModel(
    SentencePieceModel source,
    @Nullable SentencePieceModel target,
    List<String> vocabulary,
    int unknown,
    int end,
    boolean languageTokens) {}
