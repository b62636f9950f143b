package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import org.jspecify.annotations.Nullable;

/** A SentencePiece model that cuts words, each for itself. */
final class UnigramWords implements WordModel {
  private final SentencePiece pieces;

  UnigramWords(SentencePieceModel model) {
    this.pieces = new SentencePiece(model);
  }

  @Override
  public void encode(String word, Ids into) {
    for (int id : pieces.encode(word)) {
      into.add(id);
    }
  }

  @Override
  public @Nullable String piece(int id) {
    return id >= 0 && id < pieces.model().pieces().size() ? pieces.model().pieces().get(id) : null;
  }
}
