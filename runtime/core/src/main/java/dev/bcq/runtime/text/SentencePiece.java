package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A SentencePiece tokenizer, unigram or BPE: text to piece numbers and back, equal to the
 * sentencepiece library. Immutable and thread-safe.
 */
public final class SentencePiece {
  private static final int BYTE_VALUES = 256;

  private final SentencePieceModel model;
  private final Normalizer normalizer;
  private final PieceSearch search;

  /** The piece of each byte; empty unless all of them are there and wanted. */
  private final int[] bytePieces;

  private final int unknown;

  /** Prepares a model that has no {@linkplain SentencePieceModel#defect() defect}. */
  public SentencePiece(SentencePieceModel model) {
    this.model = model;
    boolean merges = model.algorithm() == Algorithm.BPE;
    List<byte[]> searched = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<byte[]> userDefined = new ArrayList<>();
    int unknownPiece = 0;
    for (int i = 0; i < model.pieces().size(); i++) {
      PieceKind kind = model.kinds()[i];
      byte[] bytes = model.pieces().get(i).getBytes(StandardCharsets.UTF_8);
      if (kind == PieceKind.USER_DEFINED) {
        userDefined.add(bytes);
      } else if (kind == PieceKind.UNKNOWN) {
        unknownPiece = i;
      }
      // BPE makes unused pieces on the way to others.
      if (kind == PieceKind.NORMAL
          || kind == PieceKind.USER_DEFINED
          || (merges && kind == PieceKind.UNUSED)) {
        searched.add(bytes);
        numbers.add(i);
      }
    }
    ByteTrie all = ByteTrie.of(searched, numbers.stream().mapToInt(Integer::intValue).toArray());
    ByteTrie whole = ByteTrie.of(userDefined, new int[userDefined.size()]);
    this.normalizer = new Normalizer(model, whole);
    this.unknown = unknownPiece;
    this.search =
        merges
            ? new ScoredMerges(model, all, whole, unknownPiece)
            : new UnigramSearch(model, all, unknownPiece);
    this.bytePieces = bytePieces(model);
  }

  private static int[] bytePieces(SentencePieceModel model) {
    int[] result = new int[BYTE_VALUES];
    Arrays.fill(result, -1);
    int found = 0;
    for (int i = 0; i < model.pieces().size(); i++) {
      if (model.kinds()[i] == PieceKind.BYTE) {
        int value = BytePieces.value(model.pieces().get(i));
        found += result[value] < 0 ? 1 : 0;
        result[value] = i;
      }
    }
    return model.byteFallback() && found == BYTE_VALUES ? result : new int[0];
  }

  /** Returns the model. */
  public SentencePieceModel model() {
    return model;
  }

  /** Returns the text as the model sees it. */
  public String normalize(String text) {
    return new String(normalizer.normalize(text), StandardCharsets.UTF_8);
  }

  /**
   * Returns the numbers of the pieces of a text; a run of unknown characters is one unknown piece.
   */
  public int[] encode(String text) {
    return cut(text).numbers();
  }

  /** Returns the pieces of a text and where they lie in its normalized form. */
  Pieces cut(String text) {
    byte[] bytes = normalizer.normalize(text);
    Pieces pieces = new Pieces(bytes, unknown, bytePieces);
    search.search(bytes, pieces);
    return pieces;
  }

  /** Returns the number of the unknown piece. */
  int unknown() {
    return unknown;
  }

  /** Returns the text of pieces; numbers outside the model have none. */
  public String decode(int[] numbers) {
    Utf8Text text = new Utf8Text();
    boolean atStart = true;
    boolean consumed = false;
    for (int number : numbers) {
      if (number < 0 || number >= model.pieces().size()) {
        continue;
      }
      PieceKind kind = model.kinds()[number];
      if (kind == PieceKind.BYTE) {
        text.addByte(BytePieces.value(model.pieces().get(number)));
        continue;
      }
      text.endBytes();
      atStart &= !consumed && text.isEmpty();
      consumed = false;
      if (kind == PieceKind.UNKNOWN) {
        text.add(model.unknownSurface());
      } else if (kind != PieceKind.CONTROL) {
        String piece = model.pieces().get(number);
        boolean strips = atStart && (model.addDummyPrefix() || model.removeExtraWhitespaces());
        if (strips && piece.startsWith("\u2581")) {
          piece = piece.substring(1);
          consumed = !model.removeExtraWhitespaces();
        }
        text.add(piece.replace('\u2581', ' '));
        // transformers, whose unknown pieces have no text, strips the first piece and no other.
        atStart &= !model.unknownSurface().isEmpty();
      }
    }
    text.endBytes();
    return text.toString();
  }
}
