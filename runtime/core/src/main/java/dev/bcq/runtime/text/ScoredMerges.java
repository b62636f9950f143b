package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * SentencePiece's BPE: neighbours whose text is a piece are joined, that of the best score first,
 * of equal ones the leftmost; equal to {@code bpe_model.cc}.
 */
final class ScoredMerges implements PieceSearch {
  private final SentencePieceModel model;
  private final ByteTrie pieces;
  private final ByteTrie userDefined;
  private final int unknown;
  private final boolean hasUnused;

  /**
   * Prepares a search.
   *
   * @param pieces all pieces that may be made
   * @param userDefined pieces that are found first and stay as they are
   */
  ScoredMerges(SentencePieceModel model, ByteTrie pieces, ByteTrie userDefined, int unknown) {
    this.model = model;
    this.pieces = pieces;
    this.userDefined = userDefined;
    this.unknown = unknown;
    this.hasUnused = Arrays.asList(model.kinds()).contains(PieceKind.UNUSED);
  }

  @Override
  public void search(byte[] bytes, Pieces into) {
    new Run(bytes, into).search();
  }

  /** A float as an integer of the opposite order. */
  private static int priority(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return ~(bits >= 0 ? bits : bits ^ 0x7fffffff);
  }

  /** One text on its way. */
  private final class Run {
    private final byte[] bytes;
    private final Pieces into;
    private final MergeSymbols symbols;

    /** How long the left part is that an unused piece was made of. */
    private final Map<Integer, Integer> leftParts = new HashMap<>();

    Run(byte[] bytes, Pieces into) {
      this.bytes = bytes;
      this.into = into;
      this.symbols = new MergeSymbols(bytes.length);
    }

    void search() {
      for (int at = 0; at < bytes.length; ) {
        int whole = userDefined.longestMatch(bytes, at);
        int length = whole > 0 ? whole : Math.min(Utf8.length(bytes[at]), bytes.length - at);
        symbols.add(at, at + length, piece(at, at + length));
        at += length;
      }
      symbols.merge(this::merged, false);
      for (int symbol = symbols.last();
          symbol != MergeSymbols.NONE;
          symbol = symbols.previous(symbol)) {
        add(symbols.start(symbol), symbols.end(symbol));
      }
    }

    private int piece(int from, int to) {
      return pieces.find(bytes, from, to);
    }

    private long merged(int left, int right) {
      if (isUserDefined(symbols.number(left)) || isUserDefined(symbols.number(right))) {
        return MergeSymbols.NO_MERGE;
      }
      int piece = piece(symbols.start(left), symbols.end(right));
      if (piece == MergeSymbols.NONE) {
        return MergeSymbols.NO_MERGE;
      }
      if (model.kinds()[piece] == PieceKind.UNUSED) {
        leftParts.put(piece, symbols.end(left) - symbols.start(left));
      }
      return MergeSymbols.merge(priority(model.scores()[piece]), piece);
    }

    private boolean isUserDefined(int piece) {
      return piece != MergeSymbols.NONE && model.kinds()[piece] == PieceKind.USER_DEFINED;
    }

    private void add(int from, int to) {
      int piece = piece(from, to);
      if (!hasUnused || piece == MergeSymbols.NONE) {
        into.addFirst(piece == MergeSymbols.NONE ? unknown : piece, from, to);
        return;
      }
      // Unused pieces fall apart again: the right part is added, and the left ones wait.
      int[] waiting = {from, to};
      int count = 1;
      while (count > 0) {
        int start = waiting[2 * count - 2];
        int end = waiting[2 * count - 1];
        int number = piece(start, end);
        Integer left =
            number != MergeSymbols.NONE && model.kinds()[number] == PieceKind.UNUSED
                ? leftParts.get(number)
                : null;
        if (left == null) {
          into.addFirst(number == MergeSymbols.NONE ? unknown : number, start, end);
          count--;
        } else {
          if (2 * count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 4 * count);
          }
          waiting[2 * count - 1] = start + left;
          waiting[2 * count] = start + left;
          waiting[2 * count + 1] = end;
          count++;
        }
      }
    }
  }
}
