package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** SentencePiece, where a piece's number is its id, or its text is looked up in a vocabulary. */
final class SentencePieceSegmenter implements Segmenter {
  private final SentencePiece pieces;
  private final Vocabulary vocabulary;

  /**
   * Prepares a segmenter.
   *
   * @param vocabulary empty if pieces' numbers are ids
   */
  SentencePieceSegmenter(SentencePieceModel model, Vocabulary vocabulary) {
    this.pieces = new SentencePiece(model);
    this.vocabulary = vocabulary;
  }

  @Override
  public int[] encode(String text) {
    if (vocabulary.isEmpty()) {
      return pieces.encode(text);
    }
    Pieces found = pieces.cut(text);
    int[] ids = found.numbers();
    List<String> texts = pieces.model().pieces();
    for (int i = 0; i < ids.length; i++) {
      // What is unknown to one side's model may be a token of the other side.
      String piece =
          ids[i] == pieces.unknown()
              ? new String(
                  found.text(),
                  found.start(i),
                  found.end(i) - found.start(i),
                  StandardCharsets.UTF_8)
              : texts.get(ids[i]);
      ids[i] = vocabulary.idOf(piece);
    }
    return ids;
  }

  @Override
  public String decode(int[] tokens) {
    if (vocabulary.isEmpty()) {
      return pieces.decode(tokens);
    }
    Utf8Text text = new Utf8Text();
    boolean bytes = pieces.model().byteFallback();
    for (int token : tokens) {
      if (vocabulary.has(token)) {
        String piece = vocabulary.token(token);
        if (bytes && BytePieces.isByte(piece)) {
          text.addByte(BytePieces.value(piece));
        } else {
          text.endBytes();
          text.add(piece);
        }
      }
    }
    text.endBytes();
    return text.toString().replace('\u2581', ' ').trim();
  }
}
