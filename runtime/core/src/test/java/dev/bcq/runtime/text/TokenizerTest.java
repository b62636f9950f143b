package dev.bcq.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.WordsModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerTest {

  private static Tokenizer words(List<String> source, List<String> target) {
    TextPipeline words =
        new TextPipeline(
            List.of(),
            List.of(TextStep.of(Kind.WHITE_SPACE)),
            WordsModel.WHOLE,
            List.of(TextStep.of(Kind.JOINERS, "@@", "")),
            List.of());
    TokenFrame frame = new TokenFrame(List.of(1), List.of());
    return new Tokenizer(
        TokenizerModel.lookedUp(
            words, null, source, target, source.indexOf("<unk>"), frame, target.indexOf("</s>")));
  }

  @Test
  void eachSideLooksWordsUpInItsVocabularyAndHasItsUnknownToken() {
    Tokenizer tokenizer =
        words(List.of("<unk>", "<s>", "good", "night"), List.of("</s>", "gute", "nacht", "<unk>"));
    assertArrayEquals(new int[] {1, 2, 3, 0}, tokenizer.encode("good night moon"));
    assertArrayEquals(new int[] {1, 2, 3, 0}, tokenizer.encodeTarget("gute nacht mond"));
    assertEquals("gute nacht", tokenizer.decode(new int[] {1, 3, 2, 0}));
  }

  @Test
  void specialTokensAreNotTyped() {
    Tokenizer tokenizer = words(List.of("<unk>", "<s>", "a"), List.of("</s>", "<unk>", "a"));
    assertArrayEquals(new int[] {1, 0, 2}, tokenizer.encode("</s> a"));
    assertArrayEquals(new int[] {1, 0, 2}, tokenizer.encode("<s> a"));
    assertArrayEquals(new int[] {1, 2, 0}, tokenizer.encodeTarget("</s> a"));
  }
}
