package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceModelTest {

  @TempDir Path folder;

  private static SentencePieceModel model(String bytePiece, float score, byte... characterMap) {
    return new SentencePieceModel(
        Algorithm.UNIGRAM,
        List.of("<unk>", bytePiece),
        new float[] {0, score},
        new PieceKind[] {PieceKind.UNKNOWN, PieceKind.BYTE},
        characterMap,
        true,
        true,
        true,
        false,
        false,
        "");
  }

  private static void assertDefect(String part, SentencePieceModel model) {
    String defect = Objects.requireNonNull(model.defect());
    assertTrue(defect.contains(part), defect);
  }

  @Test
  void aBytePieceNamesItsByte() {
    for (String text : List.of("", "a", "<0xG0>", "<0x0a>", "<0x0A", "<0x00A>", "0x0A>>")) {
      assertDefect("byte piece 1", model(text, 0));
    }
    assertNull(model("<0x0A>", 0).defect());
    assertNull(model("<0xF9>", 0).defect());
  }

  @Test
  void scoresAreFinite() {
    assertDefect("NaN", model("<0x0A>", Float.NaN));
    assertDefect("Infinity", model("<0x0A>", Float.POSITIVE_INFINITY));
  }

  @Test
  void theTrieLiesInsideTheCharacterMap() {
    assertDefect("-1 bytes", model("<0x0A>", 0, (byte) 4));
    assertDefect("8 bytes", model("<0x0A>", 0, new byte[] {8, 0, 0, 0, 0, 0, 0, 0}));
    assertDefect("5 bytes", model("<0x0A>", 0, new byte[] {5, 0, 0, 0, 0, 0, 0, 0, 0}));
    assertNull(model("<0x0A>", 0, new byte[] {4, 0, 0, 0, 0, 0, 0, 0}).defect());
  }

  @Test
  void aFileWithADefectIsRefused() {
    try (BcqWriter writer = BcqWriter.create(folder.resolve("m.bcq"), false)) {
      BcqDirectory directory =
          TestFiles.small(
              writer.addTokenizer(TokenizerModel.of(model("x", 0), null, List.of(), 0, 1, false)),
              List.of());
      BcqFormatException e = assertThrows(BcqFormatException.class, () -> writer.draft(directory));
      assertEquals(
          "tokenizer: byte piece 1 has another text than <0x00> to <0xFF>", e.getMessage());
    }
  }
}
