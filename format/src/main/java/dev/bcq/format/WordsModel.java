package dev.bcq.format;

import java.util.List;

/**
 * Words between white space, whole or cut by subword-nmt's merges, that are looked up in the
 * tokenizer's vocabulary by their text.
 *
 * <p>The array belongs to the record and is not copied; nobody changes it.
 *
 * @param symbols what merges join and make; those at the end of a word end in {@code </w>}
 * @param merges numbers of left symbol, right symbol and joined symbol for each merge, the most
 *     wanted one first
 * @param joiner what marks a piece that the word goes on behind, {@code @@}; empty if words stay
 *     whole
 * @param separateEnd the end of a word is a symbol of its own before merges join it (version 0.1 of
 *     subword-nmt)
 */
public record WordsModel(List<String> symbols, int[] merges, String joiner, boolean separateEnd)
    implements SubwordModel {

  /** What ends the last symbol of a word. */
  public static final String END_OF_WORD = "</w>";

  /** Words that stay whole. */
  public static final WordsModel WHOLE = new WordsModel(List.of(), new int[0], "", false);

  @Override
  public List<String> pieces() {
    return symbols;
  }
}
