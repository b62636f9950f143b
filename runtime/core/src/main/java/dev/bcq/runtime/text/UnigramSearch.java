package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.util.Arrays;

/**
 * The most probable cut of a text (Kudo 2018), equal to sentencepiece's {@code unigram_model.cc}.
 */
final class UnigramSearch implements PieceSearch {
  /** What an unknown character costs, below the least probable piece ({@code kUnkPenalty}). */
  private static final float UNKNOWN_PENALTY = 10f;

  private final SentencePieceModel model;
  private final ByteTrie pieces;
  private final int unknown;
  private final float unknownScore;
  private final float highestScore;

  /**
   * Prepares a search.
   *
   * @param pieces all pieces that may be chosen
   */
  UnigramSearch(SentencePieceModel model, ByteTrie pieces, int unknown) {
    this.model = model;
    this.pieces = pieces;
    this.unknown = unknown;
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < model.pieces().size(); i++) {
      if (model.kinds()[i] == PieceKind.NORMAL) {
        lowest = Math.min(lowest, model.scores()[i]);
        highest = Math.max(highest, model.scores()[i]);
      }
    }
    this.unknownScore = (lowest <= highest ? lowest : 0f) - UNKNOWN_PENALTY;
    this.highestScore = lowest <= highest ? highest : 0f;
  }

  @Override
  public void search(byte[] bytes, Pieces into) {
    int[] starts = new int[bytes.length + 1];
    int[] best = new int[bytes.length + 1];
    forward(bytes, starts, best);
    for (int end = bytes.length; end > 0; end = starts[end]) {
      into.addFirst(best[end], starts[end], end);
    }
  }

  // Viterbi as in EncodeOptimized of sentencepiece 0.2.2, whose sums are floats.
  private void forward(byte[] bytes, int[] starts, int[] best) {
    float[] totals = new float[bytes.length + 1];
    Arrays.fill(starts, -1);
    starts[0] = 0;
    int at = 0;
    while (at < bytes.length) {
      int character = Math.min(Utf8.length(bytes[at]), bytes.length - at);
      boolean covered = false;
      int node = ByteTrie.ROOT;
      for (int end = at + 1; end <= bytes.length; end++) {
        node = pieces.child(node, bytes[end - 1]);
        if (node == ByteTrie.NONE) {
          break;
        }
        int piece = pieces.value(node);
        if (piece != ByteTrie.NONE) {
          float total = score(piece, end - at) + totals[at];
          if (starts[end] < 0 || total > totals[end]) {
            starts[end] = at;
            best[end] = piece;
            totals[end] = total;
          }
          covered |= end - at == character;
        }
      }
      int next = at + character;
      float total = unknownScore + totals[at];
      if (!covered && (starts[next] < 0 || total > totals[next])) {
        starts[next] = at;
        best[next] = unknown;
        totals[next] = total;
      }
      at = next;
    }
  }

  private float score(int piece, int length) {
    return model.kinds()[piece] == PieceKind.USER_DEFINED
        ? (float) (length * highestScore - 0.1)
        : model.scores()[piece];
  }
}
