package dev.bcq.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

  private static final String HEXADECIMAL = "0123456789ABCDEF";

  /**
   * Returns why this model cannot be used, for the user, or null if it can: scores are finite, byte
   * pieces have the text of their byte, and the character map's trie lies inside it.
   */
  public @Nullable String defect() {
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        return "the score of a piece is " + score + "; expected a finite number";
      }
    }
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == PieceKind.BYTE && !isBytePiece(pieces.get(i))) {
        return "byte piece " + i + " has another text than <0x00> to <0xFF>";
      }
    }
    if (characterMap.length > 0) {
      ByteBuffer map = ByteBuffer.wrap(characterMap).order(ByteOrder.LITTLE_ENDIAN);
      long trie = map.remaining() < 4 ? -1 : Integer.toUnsignedLong(map.getInt(0));
      if (trie < 4 || trie % 4 != 0 || trie > characterMap.length - 4) {
        return String.format(
            Locale.ROOT,
            "the trie of the character map has %d bytes; expected a multiple of 4 within %d bytes",
            trie,
            characterMap.length);
      }
    }
    return null;
  }

  private static boolean isBytePiece(String piece) {
    return piece.length() == 6
        && piece.startsWith("<0x")
        && HEXADECIMAL.indexOf(piece.charAt(3)) >= 0
        && HEXADECIMAL.indexOf(piece.charAt(4)) >= 0
        && piece.endsWith(">");
  }

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
