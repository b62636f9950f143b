package dev.bcq.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A SentencePiece model, unigram (Kudo 2018) or BPE: pieces with scores, and the normalizer.
 *
 * <p>The arrays belong to the record and are not copied; nobody changes them.
 *
 * @param algorithm how pieces are chosen
 * @param pieces pieces in the order of their ids, white space written as U+2581
 * @param scores log-probability of each piece; of BPE, the greater the sooner a piece is made
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
    Algorithm algorithm,
    List<String> pieces,
    float[] scores,
    PieceKind[] kinds,
    byte[] characterMap,
    boolean addDummyPrefix,
    boolean removeExtraWhitespaces,
    boolean escapeWhitespaces,
    boolean whitespaceAsSuffix,
    boolean byteFallback,
    String unknownSurface)
    implements SubwordModel {

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
    return characterMap.length > 0 ? defectOfMap(characterMap) : null;
  }

  /** Returns why a character map cannot be used, or null if it can. */
  static @Nullable String defectOfMap(byte[] bytes) {
    ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long trie = map.remaining() < 4 ? -1 : Integer.toUnsignedLong(map.getInt(0));
    if (trie < 4 || trie % 4 != 0 || trie > bytes.length - 4) {
      return String.format(
          Locale.ROOT,
          "the trie of the character map has %d bytes; expected a multiple of 4 within %d bytes",
          trie,
          bytes.length);
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

  /** How pieces are chosen. */
  public enum Algorithm {
    /** The most probable cut. */
    UNIGRAM,
    /** Neighbours are joined while their joined text is a piece, that of the best score first. */
    BPE
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
