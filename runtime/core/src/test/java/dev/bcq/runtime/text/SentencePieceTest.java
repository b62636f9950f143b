package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TokenizerModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentencePieceTest {

  private static SentencePieceModel model(byte[] characterMap, boolean bytes) {
    List<String> pieces =
        new ArrayList<>(
            List.of("<unk>", "</s>", "\u2581", "a", "b", "ab", "\u2581ab", "<x>", "\u00e4"));
    List<PieceKind> kinds = new ArrayList<>(List.of(PieceKind.UNKNOWN, PieceKind.CONTROL));
    while (kinds.size() < pieces.size()) {
      kinds.add(kinds.size() == 7 ? PieceKind.USER_DEFINED : PieceKind.NORMAL);
    }
    if (bytes) {
      for (int i = 0; i < 256; i++) {
        pieces.add("<0x%02X>".formatted(i));
        kinds.add(PieceKind.BYTE);
      }
    }
    float[] scores = new float[pieces.size()];
    float[] known = {0, 0, -3, -2, -2, -3, -4, 0, -2};
    System.arraycopy(known, 0, scores, 0, known.length);
    return new SentencePieceModel(
        Algorithm.UNIGRAM,
        pieces,
        scores,
        kinds.toArray(PieceKind[]::new),
        characterMap,
        true,
        true,
        true,
        false,
        bytes,
        " \u2047 ");
  }

  private static SentencePiece tokenizer(boolean bytes) {
    return new SentencePiece(model(new byte[0], bytes));
  }

  @Test
  void takesTheMostProbablePieces() {
    assertArrayEquals(new int[] {6, 5, 3}, tokenizer(false).encode("  ababa "));
    assertEquals("ababa", tokenizer(false).decode(new int[] {6, 5, 3}));
  }

  @Test
  void bytesStandForCharactersOnlyWhereAllOfThemAreThere() {
    SentencePieceModel all = model(new byte[0], true);
    for (int missing : new int[] {0, 0xe4, 255}) {
      PieceKind[] kinds = all.kinds().clone();
      kinds[9 + missing] = PieceKind.UNUSED;
      SentencePieceModel model =
          new SentencePieceModel(
              Algorithm.UNIGRAM,
              all.pieces(),
              all.scores(),
              kinds,
              new byte[0],
              true,
              true,
              true,
              false,
              true,
              "");
      assertArrayEquals(new int[] {2, 3, 0, 4}, new SentencePiece(model).encode("a\u4e16b"));
    }
  }

  @Test
  void aRunOfUnknownCharactersIsOnePiece() {
    assertArrayEquals(new int[] {2, 3, 0, 4}, tokenizer(false).encode("a\u4e16\u754cb"));
  }

  @Test
  void unknownCharactersFallBackToBytes() {
    int[] ids = tokenizer(true).encode("a\u4e16b");
    assertArrayEquals(new int[] {2, 3, 9 + 0xe4, 9 + 0xb8, 9 + 0x96, 4}, ids);
    assertEquals("a\u4e16b", tokenizer(true).decode(ids));
    assertEquals("a\ufffdb", tokenizer(true).decode(new int[] {2, 3, 9 + 0xe4, 4}));
  }

  @Test
  void controlPiecesNeverComeFromTextAndUserDefinedOnesStayWhole() {
    assertEquals(false, Arrays.stream(tokenizer(false).encode("a</s>b")).anyMatch(id -> id == 1));
    assertArrayEquals(new int[] {2, 3, 7, 4}, tokenizer(false).encode("a<x>b"));
  }

  @Test
  void anyStringHasAResult() {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      char[] text = new char[random.nextInt(30)];
      for (int j = 0; j < text.length; j++) {
        text[j] =
            switch (random.nextInt(4)) {
              case 0 -> (char) random.nextInt(0x10000);
              case 1 -> (char) (0xd800 + random.nextInt(0x800));
              case 2 -> (char) random.nextInt(40);
              default -> "ab<x> ".charAt(random.nextInt(6));
            };
      }
      for (boolean bytes : new boolean[] {true, false}) {
        tokenizer(bytes).decode(tokenizer(bytes).encode(new String(text)));
      }
    }
  }

  @Test
  void damagedCharacterMapsDoNoHarm() {
    Random random = new Random(2);
    for (int i = 0; i < 3000; i++) {
      byte[] map = new byte[4 + random.nextInt(200)];
      random.nextBytes(map);
      int trie = (map.length - 4) / 8 * 4;
      map[0] = (byte) trie;
      map[1] = 0;
      map[2] = 0;
      map[3] = 0;
      new SentencePiece(model(map, false)).encode("ab \u00e4\u4e16 xyz");
    }
  }

  @Test
  void aMegabyteOnOneLineTakesLinearTime() {
    String line = "ab \u4e16".repeat(1 << 18);
    assertTimeout(Duration.ofSeconds(10), () -> tokenizer(true).encode(line));
  }

  @Test
  void vocabulariesLookPiecesUpByTheirText() {
    TokenizerModel model =
        TokenizerModel.of(
            model(new byte[0], false),
            null,
            List.of("</s>", "<unk>", "b", "\u2581ab", ">>deu<<", "<pad>"),
            1,
            0,
            true);
    Tokenizer tokenizer = new Tokenizer(model);
    assertArrayEquals(new int[] {4, 3, 2, 0}, tokenizer.encode(">>deu<<abb"));
    assertArrayEquals(new int[] {3, 1, 0}, tokenizer.encode("aba"));
    assertEquals("abb", tokenizer.decode(new int[] {5, 3, 1, 2, 0}));
  }
}
