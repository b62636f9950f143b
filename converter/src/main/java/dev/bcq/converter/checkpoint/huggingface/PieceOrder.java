package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.util.ArrayList;
import java.util.List;

/** A SentencePiece model whose pieces are put into the order of a model's ids. */
final class PieceOrder {
  private final SentencePieceModel model;
  private final List<String> pieces = new ArrayList<>();
  private final List<Float> scores = new ArrayList<>();
  private final List<PieceKind> kinds = new ArrayList<>();
  private String unknownSurface;

  private PieceOrder(SentencePieceModel model) {
    this.model = model;
    this.unknownSurface = model.unknownSurface();
  }

  /** Begins without pieces. */
  static PieceOrder from(SentencePieceModel model) {
    return new PieceOrder(model);
  }

  /** Begins with the pieces in their own order. */
  static PieceOrder of(SentencePieceModel model) {
    return new PieceOrder(model).addPieces(0);
  }

  /** Unknown pieces have no text. */
  PieceOrder withoutUnknownSurface() {
    unknownSurface = "";
    return this;
  }

  /** Adds tokens that text never gives and that have no text. */
  PieceOrder addControl(String... tokens) {
    for (String token : tokens) {
      add(token, 0, PieceKind.CONTROL);
    }
    return this;
  }

  /** Adds the piece of what is unknown. */
  PieceOrder addUnknown(String token) {
    return add(token, 0, PieceKind.UNKNOWN);
  }

  /** Adds the model's pieces from one on. */
  PieceOrder addPieces(int from) {
    for (int i = from; i < model.pieces().size(); i++) {
      add(model.pieces().get(i), model.scores()[i], model.kinds()[i]);
    }
    return this;
  }

  private PieceOrder add(String piece, float score, PieceKind kind) {
    pieces.add(piece);
    scores.add(score);
    kinds.add(kind);
    return this;
  }

  /** Adds tokens without text up to a number of pieces. */
  PieceOrder fill(int count) {
    while (pieces.size() < count) {
      addControl("");
    }
    return this;
  }

  int size() {
    return pieces.size();
  }

  /** Returns the model. */
  SentencePieceModel model() {
    float[] values = new float[scores.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scores.get(i);
    }
    return new SentencePieceModel(
        model.algorithm(),
        List.copyOf(pieces),
        values,
        kinds.toArray(PieceKind[]::new),
        model.characterMap(),
        model.addDummyPrefix(),
        model.removeExtraWhitespaces(),
        model.escapeWhitespaces(),
        model.whitespaceAsSuffix(),
        model.byteFallback(),
        unknownSurface);
  }
}
