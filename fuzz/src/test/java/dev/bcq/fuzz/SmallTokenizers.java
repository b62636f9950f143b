package dev.bcq.fuzz;

import com.google.protobuf.CodedOutputStream;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TokenizerModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tokenizers of two dozen pieces, for models and as files of SentencePiece. */
final class SmallTokenizers {
  /** Tokens of a model. */
  static final int TOKENS = 24;

  private static final List<String> SPECIAL = List.of("<unk>", "</s>", "<x>", "<0x0A>");
  private static final PieceKind[] SPECIAL_KINDS = {
    PieceKind.UNKNOWN, PieceKind.CONTROL, PieceKind.USER_DEFINED, PieceKind.BYTE
  };

  private SmallTokenizers() {}

  /** Returns a tokenizer where the number of a piece is its id. */
  static TokenizerModel byPieces() {
    return TokenizerModel.of(model(), null, List.of(), 0, 1, false);
  }

  /** Returns a tokenizer with two models, a vocabulary and language tokens. */
  static TokenizerModel withVocabulary() {
    List<String> vocabulary = new ArrayList<>(model().pieces());
    vocabulary.set(3, ">>de<<");
    return TokenizerModel.of(model(), model(), vocabulary, 0, 1, true);
  }

  private static SentencePieceModel model() {
    List<String> pieces = new ArrayList<>(SPECIAL);
    pieces.addAll(List.of("\u2581", "\u2581a", "\u2581the", ".", "\u3002", "ab", "\u00e4"));
    for (char letter = 'a'; pieces.size() < TOKENS; letter++) {
      pieces.add(String.valueOf(letter));
    }
    PieceKind[] kinds = new PieceKind[TOKENS];
    Arrays.fill(kinds, PieceKind.NORMAL);
    System.arraycopy(SPECIAL_KINDS, 0, kinds, 0, SPECIAL_KINDS.length);
    float[] scores = new float[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      scores[i] = -2 - 0.125f * i;
    }
    return new SentencePieceModel(
        Algorithm.UNIGRAM,
        pieces,
        scores,
        kinds,
        characterMap(),
        true,
        true,
        true,
        false,
        false,
        " \u2047 ");
  }

  /** Turns A into a: the trie's node of a key's first byte b is at 64 xor b. */
  static byte[] characterMap() {
    int[] units = new int[64];
    units[0] = 64 << 10;
    units[64 ^ 'A'] = (32 << 10) | 0x100 | 'A';
    units[64 ^ 'A' ^ 32] = 0x80000000;
    byte[] text = "a\0".getBytes(StandardCharsets.UTF_8);
    ByteBuffer map = ByteBuffer.allocate(4 + 4 * units.length + text.length);
    map.order(ByteOrder.LITTLE_ENDIAN).putInt(4 * units.length);
    for (int unit : units) {
      map.putInt(unit);
    }
    return map.put(text).array();
  }

  /** Returns a file of SentencePiece with all fields that are read, and some that are not. */
  static byte[] file() {
    SentencePieceModel model = model();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (int i = 0; i < TOKENS; i++) {
        out.writeByteArray(1, piece(model.pieces().get(i), model.scores()[i], model.kinds()[i]));
      }
      out.writeByteArray(2, trainer());
      out.writeByteArray(3, normalizer(model.characterMap()));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] piece(String text, float score, PieceKind kind) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeString(1, text);
    out.writeFloat(2, score);
    int code =
        List.of(
                PieceKind.NORMAL,
                PieceKind.UNKNOWN,
                PieceKind.CONTROL,
                PieceKind.USER_DEFINED,
                PieceKind.UNUSED,
                PieceKind.BYTE)
            .indexOf(kind);
    out.writeEnum(3, 1 + code);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] trainer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeString(1, "input");
    out.writeEnum(3, 1);
    out.writeBool(24, false);
    out.writeBool(35, true);
    out.writeString(44, " \u2047 ");
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] normalizer(byte[] characterMap) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeString(1, "nmt_nfkc");
    out.writeByteArray(2, characterMap);
    out.writeBool(3, true);
    out.writeBool(4, true);
    out.writeBool(5, true);
    out.flush();
    return bytes.toByteArray();
  }
}
