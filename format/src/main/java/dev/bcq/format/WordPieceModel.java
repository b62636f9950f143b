package dev.bcq.format;

import java.util.List;

/**
 * WordPiece as in BERT: from the beginning of a word to its end, the longest piece that fits.
 *
 * @param pieces pieces in the order of their ids
 * @param unknown piece of words that cannot be cut, or are too long
 * @param continuingPrefix what pieces within a word begin with, {@code ##}
 * @param mostCharacters longest word that is cut, code points
 */
public record WordPieceModel(
    List<String> pieces, int unknown, String continuingPrefix, int mostCharacters)
    implements SubwordModel {}
