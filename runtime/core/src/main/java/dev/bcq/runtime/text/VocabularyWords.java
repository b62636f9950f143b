package dev.bcq.runtime.text;

import dev.bcq.format.WordsModel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words that are looked up in a vocabulary, whole or cut by subword-nmt's merges (Sennrich et al.
 * 2016), equal to {@code apply_bpe.py}.
 */
final class VocabularyWords implements WordModel {
  private final WordsModel model;
  private final Vocabulary vocabulary;
  private final Vocabulary symbols;
  private final MergeTable merges;

  VocabularyWords(WordsModel model, Vocabulary vocabulary) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.symbols = new Vocabulary(model.symbols(), MergeSymbols.NONE, Set.of());
    this.merges = new MergeTable(model.merges());
  }

  @Override
  public void encode(String word, Ids into) {
    if (model.joiner().isEmpty() || word.codePointCount(0, word.length()) == 1) {
      into.add(vocabulary.idOf(word));
      return;
    }
    MergeSymbols cut = cut(word);
    for (int symbol = cut.first(); symbol != MergeSymbols.NONE; symbol = cut.next(symbol)) {
      int start = cut.start(symbol);
      int end = Math.min(cut.end(symbol), word.length());
      if (start < end) {
        String piece = word.substring(start, end);
        into.add(vocabulary.idOf(end < word.length() ? piece + model.joiner() : piece));
      }
    }
  }

  private MergeSymbols cut(String word) {
    MergeSymbols cut = new MergeSymbols(word.length() + 1);
    for (int at = 0; at < word.length(); ) {
      int end = at + Character.charCount(word.codePointAt(at));
      boolean last = end == word.length() && !model.separateEnd();
      String symbol = word.substring(at, end);
      cut.add(at, end, symbols.idOf(last ? symbol + WordsModel.END_OF_WORD : symbol));
      at = end;
    }
    if (model.separateEnd()) {
      cut.add(word.length(), word.length() + 1, symbols.idOf(WordsModel.END_OF_WORD));
    }
    cut.merge(
        (left, right) -> {
          int a = cut.number(left);
          int b = cut.number(right);
          return a < 0 || b < 0 ? MergeSymbols.NO_MERGE : merges.merged(a, b);
        },
        true);
    return cut;
  }

  @Override
  public @Nullable String piece(int id) {
    return vocabulary.has(id) ? vocabulary.token(id) : null;
  }
}
