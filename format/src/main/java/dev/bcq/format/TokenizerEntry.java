package dev.bcq.format;

import org.jspecify.annotations.Nullable;

/**
 * Where a {@link TokenizerModel} lies in the file.
 *
 * @param source source model
 * @param target target model; null if it is the source's
 * @param vocabulary count, ends and text of the vocabulary; null if pieces' numbers are ids
 * @param unknown see {@link TokenizerModel#unknown}
 * @param end see {@link TokenizerModel#end}
 * @param languageTokens see {@link TokenizerModel#languageTokens}
 */
public record TokenizerEntry(
    SentencePieceEntry source,
    @Nullable SentencePieceEntry target,
    @Nullable StringList vocabulary,
    int unknown,
    int end,
    boolean languageTokens) {

  /** Strings as one block of UTF-8 and one of 32-bit end offsets. */
  public record StringList(int count, DataBlock ends, DataBlock text) {}

  /** A SentencePiece model; the fields are those of {@link SentencePieceModel}. */
  public record SentencePieceEntry(
      StringList pieces,
      DataBlock scores,
      DataBlock kinds,
      @Nullable DataBlock characterMap,
      boolean addDummyPrefix,
      boolean removeExtraWhitespaces,
      boolean escapeWhitespaces,
      boolean whitespaceAsSuffix,
      boolean byteFallback,
      String unknownSurface) {}
}
