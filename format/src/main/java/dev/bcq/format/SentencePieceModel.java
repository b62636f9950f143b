package dev.bcq.format;

import java.util.List;

/**
 * A SentencePiece unigram model (Kudo 2018): pieces with scores, and the normalizer.
 *
 * <p>The arrays belong to the record and are not copied; nobody changes them.
 *
 * @param pieces pieces in the order of their ids, white space written as U+2581
 * @param scores log-probability of each piece
 * @param kinds kind of each piece
 * @param characterMap the normalizer's precompiled character map (32-bit little-endian length of a
 *     Darts trie in bytes, its units, NUL-terminated UTF-8 replacements); empty for none
 * @param addDummyPrefix a space is put in front of the text (behind it with {@code
 *     whitespaceAsSuffix})
 * @param removeExtraWhitespaces leading, trailing and repeated spaces are removed
 * @param escapeWhitespaces a space becomes U+2581
 * @param whitespaceAsSuffix white space belongs to the end of a piece, not to its beginning
 * @param byteFallback unknown characters become {@code <0xNN>} pieces
 * @param unknownSurface what an unknown piece decodes to, " U+2047 " in most files
 */
public record SentencePieceModel(
    List<String> pieces,
    float[] scores,
    PieceKind[] kinds,
    byte[] characterMap,
    boolean addDummyPrefix,
    boolean removeExtraWhitespaces,
    boolean escapeWhitespaces,
    boolean whitespaceAsSuffix,
    boolean byteFallback,
    String unknownSurface) {

  /** The kind of a piece, numbered as in {@code sentencepiece_model.proto}. */
  public enum PieceKind {
    /** An ordinary piece. */
    NORMAL,
    /** The piece for what no other piece covers. */
    UNKNOWN,
    /** A piece that text never gives and that decodes to nothing. */
    CONTROL,
    /** A piece that is found in the text before anything else. */
    USER_DEFINED,
    /** One of 256 pieces {@code <0xNN>}. */
    BYTE,
    /** A piece that is never chosen. */
    UNUSED
  }
}
