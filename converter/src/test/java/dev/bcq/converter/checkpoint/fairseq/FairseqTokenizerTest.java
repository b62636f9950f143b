package dev.bcq.converter.checkpoint.fairseq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
import dev.bcq.runtime.text.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files beside a checkpoint of fairseq make of texts. */
class FairseqTokenizerTest {
  private final Arena arena = Arena.ofConfined();
  private final FairseqWriter writer = new FairseqWriter(1);

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void begin() {
    path = folder.resolve("checkpoint");
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private Checkpoint read() {
    return CheckpointReaders.read(null, CheckpointInput.of(path), arena);
  }

  private static Tokenizer tokenizer(Checkpoint checkpoint) {
    return new Tokenizer(Objects.requireNonNull(checkpoint.tokenizer()));
  }

  /** Writes the checkpoint with vocabularies of pieces, eight and ten of them. */
  private void writePieces() throws IOException {
    writer.write(path);
    Files.writeString(
        path.resolve("dict.en.txt"), counted("a@@", "b", "ab", "ab@@", "c", "d", "e", "b@@"));
    Files.writeString(
        path.resolve("dict.de.txt"), counted("u@@", "v", "uv", "w", "x", "y", "z", "t", "s", "r"));
  }

  private static String counted(String... symbols) {
    return String.join(" 1\n", symbols) + " 1\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe.codes", "bpecodes", "code", "codes"})
  void mergesCutWordsIntoTheSymbolsOfTheSourceAndThoseOfTheTargetAreJoined(String name)
      throws IOException {
    writer.args.put("bpe", "subword_nmt");
    writePieces();
    Files.writeString(path.resolve(name), "#version: 0.2\na b</w>\n");
    Checkpoint found = read();
    assertEquals(List.of(), found.warnings());
    assertEquals(name, String.valueOf(found.files().get(3).getFileName()));
    Tokenizer tokenizer = tokenizer(found);
    // Symbols are numbered from 4: in front are those that fairseq adds.
    assertArrayEquals(new int[] {6, 4, 11, 8, 3, 2}, tokenizer.encode("ab abc q"));
    assertEquals("uv v", tokenizer.decode(new int[] {4, 5, 5, 2}));
  }

  @Test
  void withoutMergesSourcesAreTakenAsTheyAreCut() throws IOException {
    writePieces();
    Checkpoint found = read();
    assertEquals(
        List.of(
            "there is no file of merges (bpe.codes, bpecodes, code, codes) beside the checkpoint:"
                + " sources have to be cut into the pieces of the vocabulary already"),
        found.warnings());
    assertArrayEquals(new int[] {4, 11, 8, 2}, tokenizer(found).encode("a@@ b@@ c"));
  }

  @Test
  void wordsThatWereCutOtherwiseLeaveIdsAlone() {
    writer.args.put("bpe", "gpt2");
    writer.write(path);
    Checkpoint found = read();
    assertNull(found.tokenizer());
    assertEquals(
        List.of(
            "the model's words were cut by gpt2, which is not known: the model will serve token ids"
                + " only (--ids)"),
        found.warnings());
  }

  @Test
  void wordsOfMosesAreSaidNotToBeCut() {
    writer.args.put("tokenizer", "moses");
    writer.write(path);
    Checkpoint found = read();
    assertArrayEquals(new int[] {4, 3, 2}, tokenizer(found).encode("word4 word5."));
    assertTrue(found.warnings().get(0).contains("Moses tokenizer"), found.warnings().toString());
  }

  @Test
  void aSentencePieceModelReadsAndWritesTheSymbolsOfOneVocabulary() throws IOException {
    writer.write(path);
    TinyTokenizer.write(path.resolve("sentencepiece.model"));
    Path dictionary = path.resolve("dict.en.txt");
    CheckpointInput input = new CheckpointInput(path, dictionary, dictionary, Map.of());
    CheckpointException thrown =
        assertThrows(CheckpointException.class, () -> CheckpointReaders.read(null, input, arena));
    assertTrue(
        String.valueOf(thrown.getMessage()).contains("the target embedding has 14 rows"),
        thrown.getMessage());
    for (String side :
        List.of("encoder.embed_tokens", "decoder.embed_tokens", "decoder.output_projection")) {
      writer.tensor(side + ".weight", 8, FairseqWriter.WIDTH);
    }
    writer.write(path);
    Files.writeString(dictionary, "\u2581weather 3\n\u2581is 2\n\u2581nice 1\n\u2581the 1\n");
    Tokenizer tokenizer =
        new Tokenizer(
            Objects.requireNonNull(CheckpointReaders.read(null, input, arena).tokenizer()));
    assertArrayEquals(new int[] {7, 4, 5, 3, 2}, tokenizer.encode("the weather is today"));
    assertEquals("the weather", tokenizer.decode(new int[] {7, 4, 2}));
  }

  @Test
  void vocabulariesHaveToFit() throws IOException {
    writer.write(path);
    Files.delete(path.resolve("dict.de.txt"));
    Checkpoint without = read();
    assertNull(without.tokenizer());
    assertTrue(
        without.warnings().get(0).startsWith("there is no dict.de.txt beside"),
        without.warnings().toString());
    Path other = Files.writeString(folder.resolve("other.txt"), FairseqWriter.vocabulary(15));
    CheckpointException thrown =
        assertThrows(
            CheckpointException.class,
            () ->
                CheckpointReaders.read(
                    null, new CheckpointInput(path, null, other, Map.of()), arena));
    assertEquals(
        "other.txt has 15 symbols, 4 special ones included; the target embedding has 14 rows. Give"
            + " the file that the model was trained with: --target-vocabulary FILE",
        thrown.getMessage());
  }
}
