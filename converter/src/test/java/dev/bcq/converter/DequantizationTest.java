package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.huggingface.HuggingFaceReader;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.GoldenSamples;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model file becomes a checkpoint, and the checkpoint the same model file. */
class DequantizationTest {

  private static final int SENTENCES = 12;
  private static final TranslatorOptions EXACT = new TranslatorOptions("auto", Arithmetic.EXACT);

  @TempDir Path folder;

  private ConversionReport convert(
      Path input, Path output, String bits, int group, boolean offset) {
    ConversionOptions options = Conversions.options(input, output, bits, null, 2);
    return Conversion.run(
        new ConversionOptions(
            options.input(),
            options.reader(),
            output,
            true,
            false,
            BitAllocation.parse(bits),
            null,
            null,
            new QuantizationOptions(group, offset, options.quantization().method(), false),
            null,
            "test",
            List.of("en"),
            List.of("de"),
            "CC-BY 2.0 FR",
            "someone",
            options.generation(),
            2));
  }

  private BcqFile wayBack(BcqFile first, Path file) {
    Path checkpoint = folder.resolve("back");
    Dequantization.run(file, checkpoint);
    Path again = folder.resolve("again.bcq");
    ConversionReport report = convert(checkpoint, again, "auto", 0, false);
    assertEquals(
        List.of(),
        report.warnings().stream()
            .filter(w -> !w.contains("tokenizer") && !w.contains("transformers 4"))
            .toList());
    BcqFile second = BcqFile.open(again);
    assertSame(first.directory(), second.directory());
    return second;
  }

  /** Blocks are compared with their places, lengths and checksums. */
  private static void assertSame(BcqDirectory first, BcqDirectory second) {
    for (int i = 0; i < first.matrices().size(); i++) {
      MatrixEntry matrix = first.matrices().get(i);
      assertEquals(matrix.name(), second.matrices().get(i).name());
      assertEquals(matrix.storage(), second.matrices().get(i).storage(), matrix.name());
    }
    assertEquals(first.matrices().size(), second.matrices().size());
    assertEquals(first.tensors(), second.tensors());
    assertEquals(first.config(), second.config());
    assertEquals(first.generation(), second.generation());
    assertEquals(first.tasks(), second.tasks());
    assertEquals(first.tokenizer(), second.tokenizer());
  }

  @ParameterizedTest
  @CsvSource({
    "auto,0,false",
    "3,0,false",
    "1,64,true",
    "4,32,true",
    "8,0,false",
    "6,32,false",
    "32,0,false",
    "int8,0,false",
    "chung-kim,0,false",
    "chung-kim,64,true",
    "'embedding=int8,*.key=32,*=2',32,false"
  })
  void everyStorageComesBackBitForBit(String bits, int group, boolean offset) {
    Path file = folder.resolve("m.bcq");
    convert(new TinyCheckpoint(5).write(folder.resolve("tiny")), file, bits, group, offset);
    BcqFile second = wayBack(BcqFile.open(file), file);
    GoldenSamples.check(second).forEach(sample -> assertTrue(sample.same(), bits));
  }

  /** Each model is converted and unpacked once, for that takes long. */
  @ParameterizedTest
  @CsvSource({
    "models/tatoeba-en-de-small-bcq3,auto",
    "models/tatoeba-en-de-small-bcq2,auto",
    "models/tatoeba-en-de-small-bcqmixed,auto",
    "models/tatoeba-en-de-small,3",
    "models/tatoeba-en-de-t5,4"
  })
  void trainedModelsComeBackAndComputeTheSameInFloat32(String model, String bits)
      throws IOException {
    Path file = folder.resolve("m.bcq");
    convert(SharedData.path(model), file, bits, 0, false);
    BcqFile first = BcqFile.open(file);
    wayBack(first, file);
    assertSameInFloat32(first);
    if (!bits.equals("4")) {
      assertPlanesComeBackFromTheWeightsAlone(first);
    }
  }

  private void assertSameInFloat32(BcqFile first) {
    Path dense = folder.resolve("dense.bcq");
    convert(folder.resolve("back"), dense, "32", 0, false);
    JsonNode samples = SharedData.json("models/tatoeba-en-de-small/golden.json");
    try (Translator exact = Translator.of(first, EXACT);
        Translator floats = Translator.of(BcqFile.open(dense), EXACT)) {
      for (int i = 0; i < SENTENCES; i++) {
        String source = samples.get(i).get("source").asText();
        int[] ids = exact.sourceIds(source, TranslationOptions.DEFAULT);
        int[] target =
            exact.translate(ids, TranslationOptions.DEFAULT).best().ids().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        assertClose(
            exact.score(ids, target, TranslationOptions.DEFAULT),
            floats.score(ids, target, TranslationOptions.DEFAULT));
      }
    }
  }

  /**
   * Whoever saves the checkpoint anew with another program loses {@code bcq.json}; up to three
   * planes of whole rows are found again without it.
   */
  private void assertPlanesComeBackFromTheWeightsAlone(BcqFile first) throws IOException {
    Path checkpoint = folder.resolve("back");
    Files.delete(checkpoint.resolve("bcq.json"));
    Path again = folder.resolve("again.bcq");
    convert(checkpoint, again, "auto", 0, false);
    assertSame(first.directory(), BcqFile.open(again).directory());
  }

  private static void assertClose(TargetScore expected, TargetScore found) {
    for (int i = 0; i < expected.logProbabilities().size(); i++) {
      assertEquals(expected.logProbabilities().get(i), found.logProbabilities().get(i), 1e-4f);
    }
  }

  /** What transformers would load has the names, shapes and values that transformers has saved. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "t5-v1.0",
        "t5-v1.1",
        "t5-uneven",
        "t5-untied",
        "umt5",
        "marian",
        "marian-defaults",
        "bart",
        "bart-forced-bos",
        "mbart",
        "m2m100",
        "m2m100-language",
        "pegasus"
      })
  void aFloatModelBecomesTheCheckpointThatItWas(String name) {
    Path original = SharedData.path("data/hf-zoo/" + name);
    Path file = folder.resolve("m.bcq");
    convert(original, file, "32", 0, false);
    wayBack(BcqFile.open(file), file);
    assertSameTensors(original, folder.resolve("back"));
  }

  @ParameterizedTest
  @MethodSource(TinyFamilies.ALL)
  void aModelOfEachFamilyBecomesTheCheckpointThatItWas(String family) {
    Path file = folder.resolve("m.bcq");
    convert(TinyFamilies.path(family), file, "32", 0, false);
    wayBack(BcqFile.open(file), file);
    assertSameTensors(TinyFamilies.path(family), folder.resolve("back"));
  }

  @ParameterizedTest
  @MethodSource(TinyFamilies.ALL)
  void bitPlanesOfEachFamilyComeBack(String family) {
    Path file = folder.resolve("m.bcq");
    convert(TinyFamilies.path(family), file, "3", 0, false);
    wayBack(BcqFile.open(file), file);
  }

  private static void assertSameTensors(Path expected, Path found) {
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint first = HuggingFaceReader.read(expected, arena);
      Checkpoint second = HuggingFaceReader.read(found, arena);
      assertEquals(names(first), names(second));
      first
          .matrices()
          .forEach(
              (name, source) ->
                  assertTrue(
                      source.sameAs(Objects.requireNonNull(second.matrices().get(name))), name));
    }
  }

  private static List<String> names(Checkpoint checkpoint) {
    return Stream.concat(
            checkpoint.matrices().values().stream(),
            checkpoint.tensors().values().stream().map(Checkpoint.NamedTensor::source))
        .map(TensorSource::name)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-t5", "tiny-marian"})
  void tokenizersComeBack(String name) throws IOException {
    Path input = new TinyCheckpoint(6, 900).write(folder.resolve("tiny"));
    try (Stream<Path> files = Files.list(SharedData.path("data/tokenizers/" + name))) {
      for (Path from : files.toList()) {
        Files.copy(from, input.resolve(String.valueOf(from.getFileName())));
      }
    }
    Path file = folder.resolve("m.bcq");
    convert(input, file, "2", 0, false);
    BcqFile first = BcqFile.open(file);
    assertTrue(first.tokenizer() != null);
    wayBack(first, file);
    for (String model :
        List.of("spiece.model", "source.spm", "vocab.json", "tokenizer_config.json")) {
      assertEquals(
          Files.exists(input.resolve(model)), Files.exists(folder.resolve("back").resolve(model)));
    }
  }

  @Test
  void changedWeightsAreQuantizedAnewWithAWarning() throws IOException {
    Path file = folder.resolve("m.bcq");
    convert(new TinyCheckpoint(7).write(folder.resolve("tiny")), file, "2", 32, true);
    Path checkpoint = folder.resolve("back");
    Dequantization.run(file, checkpoint);
    Path weights = checkpoint.resolve("model.safetensors");
    try (RandomAccessFile change = new RandomAccessFile(weights.toFile(), "rw")) {
      // The exponent of the embedding's first weight.
      change.seek(Long.BYTES + Long.reverseBytes(change.readLong()) + Float.BYTES - 1);
      change.write(0x42);
    }
    ConversionReport report = convert(checkpoint, folder.resolve("again.bcq"), "auto", 0, false);
    List<String> warnings = report.warnings().stream().filter(w -> w.contains("bcq.json")).toList();
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).contains("1 matrix has changed"), warnings.get(0));
  }

  @Test
  void aDamagedDescriptionOfTheFormsIsNamed() throws IOException {
    Path file = folder.resolve("m.bcq");
    convert(new TinyCheckpoint(8).write(folder.resolve("tiny")), file, "2", 0, false);
    Path checkpoint = folder.resolve("back");
    Dequantization.run(file, checkpoint);
    Path forms = checkpoint.resolve("bcq.json");
    String good = Files.readString(forms);
    for (String bad :
        List.of(
            "",
            "null",
            "{}",
            "[]",
            good.substring(0, good.length() / 2),
            good.replace("\"planes\" : 2", "\"planes\" : 3"),
            good.replace("bit-planes", "bits"),
            good.replace("\"scales\"", "\"scale\""),
            good.replace("FLOAT16", "FLOAT32"),
            good.replaceAll("\"blocks\" : \\[ [^]]*]", "\"blocks\" : [ null ]"))) {
      Files.writeString(forms, bad);
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () -> convert(checkpoint, folder.resolve("x.bcq"), "auto", 0, false),
              bad);
      assertTrue(String.valueOf(e.getMessage()).startsWith("bcq.json is damaged"), e.getMessage());
    }
  }

  @Test
  void aFolderWithFilesStaysAsItIs() throws IOException {
    Path file = folder.resolve("m.bcq");
    convert(new TinyCheckpoint(9).write(folder.resolve("tiny")), file, "2", 0, false);
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("mine"), "mine");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Dequantization.run(file, full));
    assertTrue(String.valueOf(e.getMessage()).contains("is not empty"), e.getMessage());
    assertEquals("mine", Files.readString(full.resolve("mine")));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Dequantization.run(file, empty);
    assertTrue(Files.exists(empty.resolve("model.safetensors")));
    assertTrue(Files.readString(empty.resolve("README.md")).contains("CC-BY 2.0 FR"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.filter(path -> path.toString().endsWith(".tmp")).toList());
    }
  }

  @Test
  void theSameFileGivesTheSameFolder() throws IOException {
    Path file = folder.resolve("m.bcq");
    convert(new TinyCheckpoint(10).write(folder.resolve("tiny")), file, "3", 0, false);
    Dequantization.run(file, folder.resolve("one"));
    Dequantization.run(file, folder.resolve("two"));
    try (Stream<Path> files = Files.list(folder.resolve("one"))) {
      for (Path one : files.toList()) {
        Path two = folder.resolve("two").resolve(String.valueOf(one.getFileName()));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two), one.toString());
      }
    }
  }
}
