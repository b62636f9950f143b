package dev.bcq.converter.checkpoint.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.StoredTokenizer;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of merges and of WordPieces. */
class VocabularyFilesTest {
  private static final String FOLDER = "data/tokenizers/";

  @TempDir Path folder;

  private static List<String> lines(String name) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(SharedData.path(FOLDER + name))),
                StandardCharsets.UTF_8))) {
      return in.lines().toList();
    }
  }

  private static Tokenizer tokenizer(
      TextPipeline pipeline, List<String> vocabulary, TokenFrame frame, List<Integer> hidden) {
    return new Tokenizer(
        StoredTokenizer.of(
            new TokenizerModel(
                pipeline,
                null,
                vocabulary,
                List.of(),
                0,
                frame,
                frame,
                hidden,
                TextLanguages.NONE,
                false)));
  }

  private static Tokenizer words(TextPipeline pipeline, List<String> vocabulary) {
    return tokenizer(pipeline, vocabulary, new TokenFrame(List.of(), List.of()), List.of(0));
  }

  @Test
  void mergesCutWordsAsSubwordNmtDoes() throws IOException {
    List<String> corpus = lines("subword-nmt/corpus.en.gz");
    List<String> reference = lines("subword-nmt/corpus.bpe.ref.en.gz");
    Set<String> pieces = new LinkedHashSet<>(List.of("<unk>"));
    reference.forEach(line -> pieces.addAll(List.of(line.strip().split(" +", -1))));
    List<String> vocabulary = new ArrayList<>(pieces);
    Tokenizer tokenizer =
        words(MergesFile.subwordNmt(SharedData.path(FOLDER + "subword-nmt/bpe.ref")), vocabulary);
    for (int i = 0; i < corpus.size(); i++) {
      int[] ids = tokenizer.encode(corpus.get(i));
      List<String> found = new ArrayList<>();
      for (int id : ids) {
        found.add(vocabulary.get(id));
      }
      String line = i + ": " + corpus.get(i);
      assertEquals(reference.get(i).strip(), String.join(" ", found), line);
      assertEquals(
          String.join(" ", corpus.get(i).strip().split("\\s+", -1)), tokenizer.decode(ids), line);
    }
  }

  @Test
  void mergesOfTheFirstVersionEndWordsWithASymbolOfItsOwn() throws IOException {
    List<String> vocabulary = List.of("<unk>", "a@@", "b", "ab", "ab@@", "c", "b@@", "a");
    Path old = Files.writeString(folder.resolve("codes"), "a b\n");
    Path current = Files.writeString(folder.resolve("bpe.codes"), "#version: 0.2\na b\n");
    Path counted = Files.writeString(folder.resolve("fast"), "a b</w> 7\n");
    // Of version 0.1, (a, b) joins at the end of a word too; of 0.2 that is (a, b</w>).
    assertArrayEquals(
        new int[] {3, 4, 5}, words(MergesFile.subwordNmt(old), vocabulary).encode("ab abc"));
    assertArrayEquals(
        new int[] {1, 2, 4, 5}, words(MergesFile.subwordNmt(current), vocabulary).encode("ab abc"));
    assertArrayEquals(
        new int[] {3, 1, 6, 5}, words(MergesFile.subwordNmt(counted), vocabulary).encode("ab abc"));
  }

  @Test
  void whatIsNoMergeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("codes"), "#version: 0.2\na b\na b c\n");
    CheckpointException thrown =
        assertThrows(CheckpointException.class, () -> MergesFile.subwordNmt(file));
    assertEquals("codes, line 3: expected two symbols", thrown.getMessage());
    Files.writeString(file, "#version: 0.3\na b\n");
    thrown = assertThrows(CheckpointException.class, () -> MergesFile.subwordNmt(file));
    assertEquals("codes is of version 0.3; expected 0.1 or 0.2", thrown.getMessage());
  }

  @Test
  void wordsStayWholeWithoutMerges() {
    Tokenizer tokenizer =
        words(MergesFile.wholeWords(), List.of("<unk>", "the", "hou@@", "se", "."));
    assertArrayEquals(new int[] {1, 2, 3, 0, 4}, tokenizer.encode(" the\thou@@ se  <unk> ."));
    assertEquals("the house .", tokenizer.decode(new int[] {1, 2, 3, 0, 4}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncased", "cased"})
  void wordPiecesAreBerts(String casing) {
    JsonNode vectors = SharedData.json(FOLDER + "bert/vectors.json.gz");
    Path file = SharedData.path(FOLDER + "bert/bert_base_" + casing + "_vocab.txt");
    List<String> pieces = WordPieceFile.pieces(file);
    TokenFrame frame =
        new TokenFrame(List.of(pieces.indexOf("[CLS]")), List.of(pieces.indexOf("[SEP]")));
    List<Integer> hidden = new ArrayList<>();
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
      hidden.add(pieces.indexOf(token));
    }
    Tokenizer tokenizer =
        tokenizer(WordPieceFile.bert(file, casing.equals("uncased")), List.of(), frame, hidden);
    List<Integer> different = new ArrayList<>();
    JsonNode expected = vectors.get(casing);
    for (int i = 0; i < vectors.get("texts").size(); i++) {
      JsonNode list = expected.get("ids").get(i);
      int[] ids =
          StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
      if (!Arrays.equals(ids, tokenizer.encode(vectors.get("texts").get(i).asText()))) {
        different.add(i);
      }
      assertEquals(expected.get("decoded").get(i).asText(), tokenizer.decode(ids));
    }
    // The text that spells special tokens of BERT.
    assertEquals(List.of(77), different);
  }

  @Test
  void plainWordPiecesDropCaseAndMarks() throws IOException {
    Path file = folder.resolve("vocab.txt");
    Files.writeString(file, "[PAD]\n[UNK]\n[START]\n[END]\nschon\n##es\nwetter\n!\n");
    Tokenizer tokenizer =
        tokenizer(
            WordPieceFile.plain(WordPieceFile.pieces(file), 1),
            List.of(),
            new TokenFrame(List.of(2), List.of(3)),
            List.of(0, 1, 2, 3));
    assertArrayEquals(
        new int[] {2, 4, 5, 6, 7, 1, 3}, tokenizer.encode("Sch\u00f6nes WETTER! heute"));
    assertEquals("schones wetter !", tokenizer.decode(new int[] {2, 4, 5, 6, 7, 1, 3}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'normalizer': {'type': 'Nmt'}, 'model': {'type': 'BPE', 'vocab': {}, 'merges': []}}",
        "{'pre_tokenizer': {'type': 'Nmt'}, 'model': {'type': 'BPE', 'vocab': {}, 'merges': []}}",
        "{'post_processor': {'type': 'Nmt'}, 'model': {'type': 'BPE', 'vocab': {}, 'merges': []}}",
        "{'decoder': {'type': 'Nmt'}, 'model': {'type': 'BPE', 'vocab': {}, 'merges': []}}",
        "{'model': {'type': 'Nmt'}}",
        "{'normalizer': {'type': 'Replace', 'pattern': {'Regex': 'Nmt+'}, 'content': ''}, 'model': {'type': 'BPE', 'vocab': {}, 'merges': []}}"
      })
  void unknownComponentsOfTokenizerJsonAreNamed(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), json.replace('\'', '"'));
    CheckpointException thrown =
        assertThrows(CheckpointException.class, () -> TokenizerJson.read(file));
    assertTrue(String.valueOf(thrown.getMessage()).contains("Nmt"), thrown.getMessage());
  }
}
