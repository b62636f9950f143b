package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding (Sennrich et al. 2016) as in Hugging Face tokenizers and GPT-2: of the pairs
 * of neighbours in a word, the one whose merge stands first is joined, the leftmost of equal ones,
 * until no pair has a merge.
 *
 * <p>The array belongs to the record and is not copied; nobody changes it.
 *
 * @param pieces pieces in the order of their ids
 * @param merges numbers of left piece, right piece and joined piece for each merge, the most wanted
 *     one first
 * @param unknown piece of characters that are no piece; null if they vanish
 * @param fuseUnknown unknown characters in a row are one piece
 * @param byteFallback unknown characters become {@code <0xNN>} pieces
 * @param wholeWordsFirst a word that is a piece is not cut
 * @param continuingPrefix what pieces within a word begin with; mostly empty
 * @param endSuffix what pieces at the end of a word end in; mostly empty
 */
public record BytePairModel(
    List<String> pieces,
    int[] merges,
    @Nullable Integer unknown,
    boolean fuseUnknown,
    boolean byteFallback,
    boolean wholeWordsFirst,
    String continuingPrefix,
    String endSuffix)
    implements SubwordModel {}
