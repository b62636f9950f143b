package dev.bcq.converter.checkpoint.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.StoredTokenizer;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextLanguages.SourcePlace;
import dev.bcq.format.TextLanguages.TargetUse;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.text.LanguageTokens;
import dev.bcq.runtime.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How families number the pieces of one SentencePiece model, in which {@code the} is piece 3, and
 * {@code weather} piece 4 of 76.
 */
class FamilyTokenizersTest {
  private static final String TEXT = "the weather";

  @TempDir Path folder;

  private TokenizerModel read(String family, int end) {
    TokenizerModel model =
        TokenizerFiles.read(folder, family, StoredTokenizer.TOKENS, end, new ArrayList<>());
    return StoredTokenizer.of(Objects.requireNonNull(model));
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  @Test
  void pegasusHasOneHundredAndThreeTokensMoreInFront() {
    TinyTokenizer.write(folder.resolve("spiece.model"));
    Tokenizer tokenizer = new Tokenizer(read("pegasus", 1));
    assertArrayEquals(new int[] {106, 107, 1}, tokenizer.encode(TEXT));
    assertArrayEquals(new int[] {106, 105, 1}, tokenizer.encode("the\u00df"));
    assertEquals(TEXT, tokenizer.decode(new int[] {0, 106, 2, 50, 107, 1}));
  }

  @Test
  void mbartOf25LanguagesPutsTheSourceBehindAndStartsWithTheTarget() throws IOException {
    TinyTokenizer.write(folder.resolve("sentencepiece.bpe.model"));
    write("tokenizer_config.json", "{\"src_lang\": \"en_XX\", \"tgt_lang\": \"de_DE\"}");
    TokenizerModel model =
        Objects.requireNonNull(
            TokenizerFiles.read(folder, "mbart", 76 + 1 + 26, 2, new ArrayList<>()));
    TextLanguages languages = model.languages();
    assertEquals(25, languages.all().size());
    assertEquals(SourcePlace.LAST, languages.sourcePlace());
    assertEquals(TargetUse.START, languages.targetUse());
    assertEquals(77 + 2, languages.target());
    Tokenizer tokenizer = new Tokenizer(StoredTokenizer.of(model));
    assertArrayEquals(new int[] {4, 5, 2, 77 + 3}, tokenizer.encode(TEXT));
    assertArrayEquals(
        new int[] {4, 5, 2, 77 + 24}, tokenizer.encode(TEXT, new LanguageTokens(77 + 24, 77)));
    assertArrayEquals(new int[] {4, 5, 2}, tokenizer.encodeTarget(TEXT));
    assertEquals(TEXT, tokenizer.decode(new int[] {79, 4, 5, 2}));
  }

  @Test
  void nllbPutsTheSourceInFrontOrOfOldBehind() throws IOException {
    TinyTokenizer.write(folder.resolve("sentencepiece.bpe.model"));
    CheckpointException e = assertThrows(CheckpointException.class, () -> read("m2m_100", 2));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("the folder does not list the model's languages"),
        e.getMessage());
    write(
        "special_tokens_map.json", "{\"additional_special_tokens\": [\"eng_Latn\", \"deu_Latn\"]}");
    assertArrayEquals(new int[] {77, 4, 5, 2}, new Tokenizer(read("m2m_100", 2)).encode(TEXT));
    write("tokenizer_config.json", "{\"legacy_behaviour\": true, \"src_lang\": \"deu_Latn\"}");
    assertArrayEquals(new int[] {4, 5, 2, 78}, new Tokenizer(read("m2m_100", 2)).encode(TEXT));
  }

  @Test
  void marianMayHaveAVocabularyForEachSide() throws IOException {
    TinyTokenizer.write(folder.resolve("source.spm"));
    TinyTokenizer.write(folder.resolve("target.spm"));
    write("vocab.json", "{\"</s>\": 0, \"<unk>\": 1, \"\u2581weather\": 2, \"\u2581the\": 3}");
    write("target_vocab.json", "{\"</s>\": 0, \"<unk>\": 1, \"\u2581nice\": 2}");
    Tokenizer tokenizer = new Tokenizer(read("marian", 0));
    assertArrayEquals(new int[] {3, 2, 1, 0}, tokenizer.encode("the weather is"));
    assertArrayEquals(new int[] {2, 1, 0}, tokenizer.encodeTarget("nice weather"));
    assertEquals("nice", tokenizer.decode(new int[] {2, 0}));
    write("target_vocab.json", "{\"</s>\": 0, \"\u2581nice\": 1, \"<unk>\": 2}");
    tokenizer = new Tokenizer(read("marian", 0));
    assertArrayEquals(new int[] {1, 2, 0}, tokenizer.encodeTarget("nice weather"));
    assertArrayEquals(new int[] {1, 3, 0}, tokenizer.encode("nice the"));
    write("target_vocab.json", "{\"</s>\": 0, \"\u2581nice\": 1}");
    CheckpointException e = assertThrows(CheckpointException.class, () -> read("marian", 0));
    assertEquals("target_vocab.json has no <unk>", e.getMessage());
  }
}
