package dev.bcq.runtime;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TokenizerModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tokenizer that uses everything a file of version 1 can hold: both models, a vocabulary, every
 * kind of piece, a character map with keys of one byte and of two.
 */
final class VersionOneTokenizer {
  /** Tokens by id; the last one is the padding. */
  static final List<String> VOCABULARY = vocabulary();

  private static final int UNITS = 256;

  private VersionOneTokenizer() {}

  static TokenizerModel model() {
    List<String> target = List.of("<unk>", "</s>", "\u2581", "\u2581ein", "e", "i", "n", "s");
    PieceKind[] targetKinds = new PieceKind[target.size()];
    Arrays.fill(targetKinds, PieceKind.NORMAL);
    targetKinds[0] = PieceKind.UNKNOWN;
    targetKinds[1] = PieceKind.CONTROL;
    return TokenizerModel.of(
        source(),
        model(target, targetKinds, new byte[0]),
        VOCABULARY,
        VOCABULARY.indexOf("<unk>"),
        VOCABULARY.indexOf("</s>"),
        true);
  }

  private static SentencePieceModel source() {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "</s>", "<name>", "<0x0A>", "zzz"));
    PieceKind[] special = {
      PieceKind.UNKNOWN, PieceKind.CONTROL, PieceKind.USER_DEFINED, PieceKind.BYTE, PieceKind.UNUSED
    };
    VOCABULARY.stream().filter(token -> !token.startsWith("<")).forEach(pieces::add);
    pieces.removeIf(piece -> piece.startsWith(">>"));
    PieceKind[] kinds = new PieceKind[pieces.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = i < special.length ? special[i] : PieceKind.NORMAL;
    }
    return model(pieces, kinds, characterMap());
  }

  private static SentencePieceModel model(
      List<String> pieces, PieceKind[] kinds, byte[] characterMap) {
    float[] scores = new float[pieces.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = kinds[i] == PieceKind.NORMAL ? -2 - 0.125f * i : 0;
    }
    return new SentencePieceModel(
        Algorithm.UNIGRAM,
        pieces,
        scores,
        kinds,
        characterMap,
        true,
        true,
        true,
        false,
        false,
        " \u2047 ");
  }

  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("</s>", "<unk>"));
    tokens.addAll(List.of("\u2581the", "\u2581hello", "\u2581w", "or", "er", "in", "\u2581"));
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
    }
    tokens.addAll(List.of("\u2581ein", "<name>", "<0x0A>", ">>de<<", "<pad>"));
    return List.copyOf(tokens);
  }

  /**
   * Turns A to Z into a to z, and "\u00e4" into "ae". The trie's nodes are placed by hand: a key's
   * first byte b is at 64 xor b.
   */
  private static byte[] characterMap() {
    int[] units = new int[UNITS];
    StringBuilder replacements = new StringBuilder();
    units[0] = 64 << 10;
    for (int b = 'A'; b <= 'Z'; b++) {
      int node = 64 ^ b;
      units[node] = (32 << 10) | 0x100 | b;
      units[node ^ 32] = 0x80000000 | replacements.length();
      replacements.append((char) (b - 'A' + 'a')).append('\0');
    }
    int first = 64 ^ 0xc3;
    units[first] = (64 << 10) | 0xc3;
    int second = first ^ 64 ^ 0xa4;
    units[second] = (128 << 10) | 0x100 | 0xa4;
    units[second ^ 128] = 0x80000000 | replacements.length();
    replacements.append("ae\0");
    byte[] text = replacements.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer map =
        ByteBuffer.allocate(4 + 4 * UNITS + text.length).order(ByteOrder.LITTLE_ENDIAN);
    map.putInt(4 * UNITS);
    for (int unit : units) {
      map.putInt(unit);
    }
    return map.put(text).array();
  }
}
