package dev.bcq.runtime.text;

import dev.bcq.format.BytePairModel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Byte-pair encoding of words, equal to that of Hugging Face tokenizers. */
final class BytePairs implements WordModel {
  private final BytePairModel model;
  private final Vocabulary pieces;
  private final MergeTable merges;

  BytePairs(BytePairModel model, Set<String> special) {
    this.model = model;
    this.pieces = new Vocabulary(model.pieces(), MergeSymbols.NONE, special);
    this.merges = new MergeTable(model.merges());
  }

  @Override
  public void encode(String word, Ids into) {
    int whole = model.wholeWordsFirst() ? pieces.idOf(word) : MergeSymbols.NONE;
    if (whole != MergeSymbols.NONE) {
      into.add(whole);
      return;
    }
    MergeSymbols symbols = symbols(word);
    symbols.merge(
        (left, right) -> merges.merged(symbols.number(left), symbols.number(right)), false);
    for (int symbol = symbols.first(); symbol != MergeSymbols.NONE; symbol = symbols.next(symbol)) {
      into.add(symbols.number(symbol));
    }
  }

  private MergeSymbols symbols(String word) {
    Symbols symbols = new Symbols(word.length());
    boolean afterUnknown = false;
    for (int at = 0; at < word.length(); ) {
      int end = at + Character.charCount(word.codePointAt(at));
      String character = word.substring(at, end);
      int id = pieces.idOf(affixed(character, at > 0, end == word.length()));
      if (id >= 0) {
        symbols.add(id);
        afterUnknown = false;
      } else if (!model.byteFallback() || !addBytes(character, symbols)) {
        if (model.unknown() != null && !(afterUnknown && model.fuseUnknown())) {
          symbols.add(model.unknown());
        }
        afterUnknown = true;
      }
      at = end;
    }
    return symbols.all;
  }

  /** Symbols of one unit each: where they lie in the word does not matter. */
  private static final class Symbols {
    private final MergeSymbols all;
    private int count;

    Symbols(int capacity) {
      all = new MergeSymbols(capacity);
    }

    void add(int id) {
      all.add(count, count + 1, id);
      count++;
    }
  }

  private String affixed(String character, boolean within, boolean last) {
    if (model.continuingPrefix().isEmpty() && model.endSuffix().isEmpty()) {
      return character;
    }
    return (within ? model.continuingPrefix() : "") + character + (last ? model.endSuffix() : "");
  }

  private boolean addBytes(String character, Symbols symbols) {
    byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ids[i] = pieces.idOf(BytePieces.of(bytes[i] & 0xff));
      if (ids[i] < 0) {
        return false;
      }
    }
    for (int id : ids) {
      symbols.add(id);
    }
    return true;
  }

  @Override
  public @Nullable String piece(int id) {
    return pieces.has(id) ? pieces.token(id) : null;
  }
}
