package dev.bcq.runtime.text;

import dev.bcq.format.WordPieceModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** WordPiece: the longest piece first, equal to BERT's. */
final class LongestPieces implements WordModel {
  private final WordPieceModel model;
  private final ByteTrie beginnings;
  private final ByteTrie continuations;

  LongestPieces(WordPieceModel model, Set<String> special) {
    this.model = model;
    String prefix = model.continuingPrefix();
    List<byte[]> whole = new ArrayList<>();
    List<byte[]> rest = new ArrayList<>();
    int[] numbers = new int[model.pieces().size()];
    int[] restNumbers = new int[model.pieces().size()];
    for (int i = 0; i < numbers.length; i++) {
      String piece = model.pieces().get(i);
      if (special.contains(piece)) {
        continue;
      }
      numbers[whole.size()] = i;
      whole.add(piece.getBytes(StandardCharsets.UTF_8));
      if (piece.startsWith(prefix)) {
        restNumbers[rest.size()] = i;
        rest.add(piece.substring(prefix.length()).getBytes(StandardCharsets.UTF_8));
      }
    }
    this.beginnings = ByteTrie.of(whole, numbers);
    this.continuations = ByteTrie.of(rest, restNumbers);
  }

  @Override
  public void encode(String word, Ids into) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] found = new int[Math.min(bytes.length, 4 * model.mostCharacters())];
    int count = 0;
    boolean fits = word.codePointCount(0, word.length()) <= model.mostCharacters();
    for (int at = 0; at < bytes.length && fits; ) {
      ByteTrie pieces = at == 0 ? beginnings : continuations;
      int length = pieces.longestMatch(bytes, at);
      fits = length > 0;
      if (fits) {
        found[count++] = pieces.find(bytes, at, at + length);
        at += length;
      }
    }
    if (!fits) {
      into.add(model.unknown());
      return;
    }
    for (int i = 0; i < count; i++) {
      into.add(found[i]);
    }
  }

  @Override
  public @Nullable String piece(int id) {
    return id >= 0 && id < model.pieces().size() ? model.pieces().get(id) : null;
  }
}
