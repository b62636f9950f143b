package dev.bcq.runtime.text;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A SentencePiece unigram tokenizer (Kudo 2018): text to piece numbers and back, equal to the
 * sentencepiece library. Immutable and thread-safe.
 */
public final class SentencePiece {
  /** What an unknown character costs, below the least probable piece ({@code kUnkPenalty}). */
  private static final float UNKNOWN_PENALTY = 10f;

  private static final int BYTE_VALUES = 256;

  private final SentencePieceModel model;
  private final Normalizer normalizer;
  private final ByteTrie pieces;

  /** The piece of each byte; empty unless all of them are there and wanted. */
  private final int[] bytePieces;

  private final int unknown;
  private final float unknownScore;
  private final float highestScore;

  /** Prepares a model that has no {@linkplain SentencePieceModel#defect() defect}. */
  public SentencePiece(SentencePieceModel model) {
    this.model = model;
    List<byte[]> searched = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<byte[]> userDefined = new ArrayList<>();
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    int unknownPiece = 0;
    for (int i = 0; i < model.pieces().size(); i++) {
      PieceKind kind = model.kinds()[i];
      byte[] bytes = model.pieces().get(i).getBytes(StandardCharsets.UTF_8);
      if (kind == PieceKind.NORMAL) {
        lowest = Math.min(lowest, model.scores()[i]);
        highest = Math.max(highest, model.scores()[i]);
      } else if (kind == PieceKind.USER_DEFINED) {
        userDefined.add(bytes);
      } else if (kind == PieceKind.UNKNOWN) {
        unknownPiece = i;
      }
      if (kind == PieceKind.NORMAL || kind == PieceKind.USER_DEFINED) {
        searched.add(bytes);
        numbers.add(i);
      }
    }
    this.pieces = ByteTrie.of(searched, numbers.stream().mapToInt(Integer::intValue).toArray());
    this.normalizer = new Normalizer(model, ByteTrie.of(userDefined, new int[userDefined.size()]));
    this.unknown = unknownPiece;
    this.unknownScore = (lowest <= highest ? lowest : 0f) - UNKNOWN_PENALTY;
    this.highestScore = lowest <= highest ? highest : 0f;
    this.bytePieces = bytePieces(model);
  }

  private static int[] bytePieces(SentencePieceModel model) {
    int[] result = new int[BYTE_VALUES];
    Arrays.fill(result, -1);
    int found = 0;
    for (int i = 0; i < model.pieces().size(); i++) {
      if (model.kinds()[i] == PieceKind.BYTE) {
        int value = byteValue(model.pieces().get(i));
        found += result[value] < 0 ? 1 : 0;
        result[value] = i;
      }
    }
    return model.byteFallback() && found == BYTE_VALUES ? result : new int[0];
  }

  private static int byteValue(String piece) {
    return Integer.parseInt(piece.substring(3, 5), 16);
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
   * Returns the numbers of the most probable pieces; a run of unknown characters is one unknown
   * piece.
   */
  public int[] encode(String text) {
    byte[] bytes = normalizer.normalize(text);
    int[] starts = new int[bytes.length + 1];
    int[] best = new int[bytes.length + 1];
    search(bytes, starts, best);
    return collect(bytes, starts, best);
  }

  // Viterbi as in unigram_model.cc, EncodeOptimized: sums are compared in double and kept in float.
  private void search(byte[] bytes, int[] starts, int[] best) {
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
          double total = score(piece, end - at) + totals[at];
          if (starts[end] < 0 || total > totals[end]) {
            starts[end] = at;
            best[end] = piece;
            totals[end] = (float) total;
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

  private double score(int piece, int length) {
    return model.kinds()[piece] == PieceKind.USER_DEFINED
        ? length * highestScore - 0.1
        : model.scores()[piece];
  }

  private int[] collect(byte[] bytes, int[] starts, int[] best) {
    // Walked backwards: the result is filled from its end; byte fallback needs at most one piece a
    // byte.
    int[] result = new int[bytes.length];
    int first = result.length;
    boolean afterUnknown = false;
    for (int end = bytes.length; end > 0; end = starts[end]) {
      boolean isUnknown = best[end] == unknown;
      if (isUnknown && bytePieces.length > 0) {
        for (int i = end - 1; i >= starts[end]; i--) {
          result[--first] = bytePieces[bytes[i] & 0xff];
        }
      } else if (!isUnknown || !afterUnknown) {
        result[--first] = best[end];
      }
      afterUnknown = isUnknown;
    }
    return Arrays.copyOfRange(result, first, result.length);
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
        text.addByte(byteValue(model.pieces().get(number)));
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
      }
    }
    text.endBytes();
    return text.toString();
  }
}
