package dev.bcq.converter.checkpoint.compressedtransformers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.StoredForm;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedTransformersReaderTest {
  private static final String QUERY = "encoder.layers.0.self_attention.query.weight";
  private static final String NO_WORDS =
      "there is no vocab.src.txt beside the checkpoint, nor named by --source-vocabulary: the model will serve token ids only (--ids)";
  private static final int[] SOURCE = {5, 7, 9, 4};

  @TempDir Path folder;

  private static CheckpointInput input(Path path, @Nullable String weights) {
    return new CheckpointInput(
        path, null, null, Map.of("heads", "4"), weights == null ? null : WeightForm.rules(weights));
  }

  private Path write(int largestCode) {
    CompressedWriter writer = new CompressedWriter();
    writer.largestCode = largestCode;
    return writer.write(folder, "transformer_000000.pth");
  }

  private static Checkpoint read(CheckpointInput input, Arena arena) {
    return CheckpointReaders.read(null, input, arena);
  }

  private void assertRefused(CheckpointInput input, String message) {
    CheckpointReader reader = CheckpointReaders.named("compressed-transformers");
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () -> CheckpointReaders.read(reader, input, arena),
              message);
      assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
  }

  @ParameterizedTest(name = "codes up to {0}")
  @CsvSource({"1, 2", "2, 3", "3, 3", "4, 4", "7, 4", "8, 5", "15, 5", "16, 0", "127, 0"})
  void codesBecomePlanesOrBytesWithoutLoss(int largest, int planes) {
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = read(input(write(largest), "codes"), arena);
      float[] weights = Objects.requireNonNull(checkpoint.matrices().get(QUERY)).readAll();
      float step = 0.01f + 0.1f / largest;
      assertEquals(-largest * step, weights[0], 1e-6f);
      for (float weight : weights) {
        assertEquals(Math.rint(weight / step), weight / step, 1e-5);
      }
      StoredForm form = checkpoint.stored().get(QUERY);
      if (planes == 0) {
        assertInstanceOf(StoredForm.Int8.class, form);
      } else {
        StoredForm.BitPlanes found = assertInstanceOf(StoredForm.BitPlanes.class, form);
        assertEquals(planes, found.blocks().get(0).planes());
      }
    }
    Conversions.convert(input(folder, "codes"), folder.resolve("model.bcq"), "auto");
    for (MatrixEntry matrix : BcqFile.open(folder.resolve("model.bcq")).directory().matrices()) {
      if (matrix.name().matches(".*_attention\\.(query|key|value)\\.weight")) {
        assertEquals(0f, matrix.relativeError(), matrix.name());
      }
    }
    KernelAgreement.assertSame(folder.resolve("model.bcq"), List.of(SOURCE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void signsAreOnePlaneOrTwoWithZeros(boolean zero) {
    CompressedWriter writer = new CompressedWriter();
    writer.zero = zero;
    Path file = writer.write(folder, "transformer_000000.pth");
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = read(input(file, "signs"), arena);
      float[] weights = Objects.requireNonNull(checkpoint.matrices().get(QUERY)).readAll();
      assertEquals(zero ? 0 : 1, Math.abs(weights[1]));
      assertEquals(1, Math.abs(weights[0]));
      assertEquals(1f / (25 * 4), checkpoint.config().attentionScale());
      StoredForm.BitPlanes form =
          assertInstanceOf(StoredForm.BitPlanes.class, checkpoint.stored().get(QUERY));
      assertEquals(zero ? 2 : 1, form.blocks().get(0).planes());
      float[] embedding =
          Objects.requireNonNull(checkpoint.matrices().get("encoder.embedding.weight")).readAll();
      assertTrue(Math.abs(embedding[0]) != 1, "embeddings keep their floats");
    }
    Conversions.convert(input(file, "signs"), folder.resolve("model.bcq"), "auto");
    KernelAgreement.assertSame(folder.resolve("model.bcq"), List.of(SOURCE));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 4",
    "plain, 2",
    "q2_all, 4",
    "q2_all, 2",
    "q7_attn, 4",
    "q7_attn, 2",
    "bin_all, 4",
    "bin_all, 2"
  })
  void fewBitsGiveTheSameWithAllKernels(String variant, String bits) {
    Path path = SharedData.path("data/seed-compressed-transformers/" + variant);
    Conversions.convert(input(path, null), folder.resolve("model.bcq"), bits);
    KernelAgreement.assertSame(folder.resolve("model.bcq"), List.of(new int[] {5, 70, 9, 14}));
  }

  @Test
  void whatIsTakenIsSaid() {
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(
          List.of(
              "9 matrices have codes beside their floats; the floats were taken (--weights codes takes the codes)",
              NO_WORDS),
          read(input(write(3), null), arena).warnings());
      assertEquals(
          List.of("matrices were taken, 10 as float, 9 as codes", NO_WORDS),
          read(input(folder, "codes"), arena).warnings());
      assertTrue(read(input(write(128), "codes"), arena).warnings().get(0).contains("reach -128"));
      assertEquals(List.of(NO_WORDS), read(input(write(0), null), arena).warnings());
    }
  }

  /** The smallest model, for programs that change it in search of mistakes. */
  @Test
  void theTinyFileIsWhatTheWriterWrites() throws IOException {
    Path written = write(3);
    try (InputStream in =
        Objects.requireNonNull(
            CompressedTransformersReaderTest.class.getResourceAsStream("tiny.pth"))) {
      assertArrayEquals(in.readAllBytes(), Files.readAllBytes(written));
    }
  }

  @Test
  void choicesThatTheFileDoesNotHaveAreRefused() {
    assertRefused(input(write(0), "codes"), "--weights asks for codes, but no matrix");
    QuantizationException e =
        assertThrows(QuantizationException.class, () -> WeightForm.rules("*=ternary"));
    assertEquals("--weights: 'ternary' is no form; expected float, codes or signs", e.getMessage());
  }

  @Test
  void wordsOfVocabulariesGiveText() throws IOException {
    Path file = write(0);
    List<String> words = new ArrayList<>(List.of("<unk>", "<pad>", "<s>", "</s>"));
    for (int i = words.size(); i < 24; i++) {
      words.add("w" + i);
    }
    Files.write(folder.resolve("vocab.tgt.txt"), words.subList(0, 20));
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(List.of(NO_WORDS), read(input(file, null), arena).warnings());
      Path source = Files.write(folder.resolve("words.txt"), words);
      CheckpointInput named = new CheckpointInput(file, source, null, Map.of("heads", "4"));
      Tokenizer tokenizer = new Tokenizer(Objects.requireNonNull(read(named, arena).tokenizer()));
      assertArrayEquals(new int[] {7, 0, 23}, tokenizer.encode("w7 w99 w23"));
      assertEquals("w9 w4", tokenizer.decode(new int[] {9, 4, 3}));
      assertRefused(
          new CheckpointInput(file, folder.resolve("vocab.tgt.txt"), null, Map.of("heads", "4")),
          "vocab.tgt.txt has 20 tokens and begins with [<unk>, <pad>]; the source embedding has 24");
    }
  }

  @Test
  void headsHaveToBeGivenAndNothingElse() {
    Path file = write(0);
    assertRefused(CheckpointInput.of(file), "--set heads=8");
    for (String heads : List.of("3", "0", "-1", "many")) {
      assertRefused(
          new CheckpointInput(file, null, null, Map.of("heads", heads)), "--set heads=" + heads);
    }
    assertRefused(
        new CheckpointInput(file, null, null, Map.of("heads", "4", "layers", "1")),
        "--set layers: compressed-transformers has no such setting that counts here");
  }

  @Test
  void otherModelsAreRefused() {
    CompressedWriter shifted = new CompressedWriter();
    shifted.shift = 0.01f;
    assertRefused(
        input(shifted.write(folder, "shifted.pth"), null),
        "holds something else than sinusoids, in row 1");
    CompressedWriter missing = new CompressedWriter();
    missing.missing = "decoder.norm.bias";
    assertRefused(
        input(missing.write(folder, "missing.pth"), null), "missing: decoder.norm.bias [16]");
  }
}
