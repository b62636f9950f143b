package dev.bcq.converter.checkpoint.ctranslate2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.TinyFamilies;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.converter.checkpoint.ctranslate2.CanonicalModelBin.Weights;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
import dev.bcq.format.Activation;
import dev.bcq.format.BcqFile;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.Positions;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.text.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CTranslate2ReaderTest {
  /** Written by CTranslate2's own converter; its table of positions was cut to 48. */
  private static final Path FIXTURE =
      Path.of(
          System.getProperty("bcq.root"),
          "converter/src/test/resources/dev/bcq/converter/checkpoint/ctranslate2/tiny-int8");

  private final Arena arena = Arena.ofConfined();

  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  /** Returns the layout of a small model with sinusoids, which tests may spoil. */
  private CanonicalModelBin model() {
    Checkpoint original =
        CheckpointReaders.read(
            CheckpointReaders.named("huggingface"),
            CheckpointInput.of(TinyFamilies.path("marian")),
            arena);
    return new CanonicalModelBin(original, Weights.INT8);
  }

  private Checkpoint read(ModelBinWriter writer, Map<String, String> settings) throws IOException {
    Files.write(folder.resolve("model.bin"), writer.bytes());
    return CheckpointReaders.read(null, new CheckpointInput(folder, null, null, settings), arena);
  }

  private void vocabularies(int source, int target, String... first) throws IOException {
    List<String> tokens = new ArrayList<>(List.of(first));
    for (int i = tokens.size(); i < Math.max(source, target); i++) {
      tokens.add("t" + i);
    }
    Files.writeString(
        folder.resolve("source_vocabulary.txt"), String.join("\n", tokens.subList(0, source)));
    Files.writeString(
        folder.resolve("target_vocabulary.txt"),
        String.join("\r\n", tokens.subList(0, target)) + "\r\n");
  }

  private ModelBinWriter right() throws IOException {
    CanonicalModelBin model = model();
    int tokens =
        (int)
            Objects.requireNonNull(model.writer.variables.get("decoder/embeddings/weight"))
                .shape()[0];
    vocabularies(tokens, tokens, "<s>", "</s>", "<unk>");
    return model.writer;
  }

  private void assertRefused(Consumer<ModelBinWriter> mistake, String message) throws IOException {
    ModelBinWriter writer = right();
    mistake.accept(writer);
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> read(writer, Map.of()), message);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @Test
  void aModelOfCTranslate2sConverterComputesWhatItsWeightsDo() {
    BcqFile file = Conversions.convert(FIXTURE, folder, "32");
    ForwardGoldens model = new ForwardGoldens(file);
    List<int[]> sources = new ArrayList<>();
    List<List<Integer>> expected = new ArrayList<>();
    for (JsonNode testCase : SharedData.read(FIXTURE.resolve("golden.json")).get("cases")) {
      model.assertForward(testCase);
      sources.add(ForwardGoldens.ids(testCase.get("src_ids")));
      int[] ids = ForwardGoldens.ids(testCase.get("greedy_ids"));
      expected.add(Arrays.stream(ids).boxed().toList());
    }
    GenerationSettings greedy = GenerationSettings.builder().beams(1).maxTokens(24).build();
    assertEquals(expected, model.found(sources, greedy));
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      List<List<Integer>> together =
          translator
              .translateAllIds(sources, TranslationOptions.of(greedy), BatchOptions.DEFAULT)
              .stream()
              .map(translation -> translation.best().ids())
              .toList();
      assertEquals(expected, together);
    }
  }

  @Test
  void searchesAreThoseOfTranslateBatch() {
    Checkpoint found = CheckpointReaders.read(null, CheckpointInput.of(FIXTURE), arena);
    GenerationSettings generation = found.generation();
    assertEquals(2, generation.beams());
    assertEquals(1f, generation.lengthPenalty());
    assertEquals(EarlyStopping.TRUE, generation.earlyStopping());
    // The table of positions ends before CTranslate2's 256.
    assertEquals(48, generation.maxTokens());
    assertEquals(1, generation.minTokens());
    assertEquals(95, generation.startToken());
    assertEquals(List.of(95), generation.blockedTokens());
    assertEquals(List.of(0), generation.endTokens());
    assertEquals(new Positions.Sinusoidal(48, false, 0, false), found.config().positions());
    assertTrue(
        found.warnings().contains("23 matrices are int8 in the checkpoint and were dequantized"),
        found.warnings().toString());
    assertNotNull(found.tokenizer());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "2", "int8"})
  void allKernelsFindTheSame(String bits) {
    Conversions.convert(FIXTURE, folder, bits);
    List<int[]> sources = new ArrayList<>();
    for (JsonNode testCase : SharedData.read(FIXTURE.resolve("golden.json")).get("cases")) {
      sources.add(ForwardGoldens.ids(testCase.get("src_ids")));
    }
    KernelAgreement.assertSame(folder.resolve("model.bcq"), sources);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "2", "1", "int8", "32"})
  void theTokenThatDecodersBeginWithIsZeroInAnyStorage(String bits) {
    BcqFile file = Conversions.convert(FIXTURE, folder, bits);
    MatrixEntry entry =
        file.directory().matrices().stream()
            .filter(matrix -> matrix.name().equals("embedding.weight"))
            .findFirst()
            .orElseThrow();
    float[] row = new float[entry.cols()];
    Arrays.fill(row, 1f);
    MatrixLoader.load(file, entry).readRow(95, row, 0);
    assertArrayEquals(new float[entry.cols()], row);
  }

  @Test
  void positionsWithoutATableAreThoseOfOpenNmt() throws IOException {
    ModelBinWriter writer = right();
    writer.variables.keySet().removeIf(name -> name.contains("position_encodings"));
    Checkpoint found = read(writer, Map.of());
    assertEquals(new Positions.Sinusoidal(0, false, 1, true), found.config().positions());
    assertEquals(0, found.generation().startToken());
    assertEquals(List.of(1), found.generation().endTokens());
    writer.floats("decoder/position_encodings/encodings", new float[4], 2, 2);
    assertRefused(
        each -> each.variables.remove("decoder/position_encodings/encodings"),
        "know positions in different ways");
  }

  @Test
  void tablesOfOtherThingsThanWavesStayTables() throws IOException {
    ModelBinWriter writer = right();
    int width = 16;
    for (String stack : List.of("encoder", "decoder")) {
      String name = stack + "/position_encodings/encodings";
      width = (int) Objects.requireNonNull(writer.variables.get(name)).shape()[1];
      writer.floats(name, new float[3 * width], 3, width);
    }
    assertEquals(new Positions.Learned(3, 0), read(writer, Map.of()).config().positions());
  }

  @ParameterizedTest
  @CsvSource({
    "decoder/alibi, 1, decoder/alibi is on",
    "encoder/activation, 4, decoder/activation is 2; expected 4",
    "activation, 4, unknown: activation []",
    "decoder/pre_norm, 1, decoder/pre_norm is 1",
    "encoder/num_heads, 7, heads in",
    "decoder/num_heads, 0, decoder/num_heads is 0",
    "encoder/sliding_window, 64, encoder/sliding_window is on",
    "decoder/layer_0/attention/num_heads_kv, 1, num_heads_kv is 1",
    "decoder/project_in/weight, 1, unknown: decoder/project_in/weight []",
    "encoder/layer_0/self_attention/rotary_dim, 4, unknown: encoder/layer_0/self_attention/rotary_dim"
  })
  void whatCannotBeExpressedIsNamed(String name, int value, String message) throws IOException {
    assertRefused(writer -> writer.scalar(name, value), message);
  }

  @Test
  void anActivationThatNoModelHasIsNamedAndAnApproximationOfGeluIsFolded() throws IOException {
    ModelBinWriter writer = right();
    writer.scalar("encoder/activation", 4);
    writer.scalar("decoder/activation", 4);
    Checkpoint found = read(writer, Map.of());
    assertEquals(Activation.SILU, found.config().activation());
    Checkpoint plain = read(right(), Map.of());
    String up = "encoder.layers.0.feed_forward.up.weight";
    float[] expected = Objects.requireNonNull(plain.matrices().get(up)).readAll();
    float[] scaled = Objects.requireNonNull(found.matrices().get(up)).readAll();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i] * 1.702f, scaled[i]);
    }
    assertRefused(
        each -> {
          each.scalar("encoder/activation", 5);
          each.scalar("decoder/activation", 5);
        },
        "encoder/activation is 5; expected 0 (relu)");
  }

  @Test
  void otherArchitecturesAreNamed() throws IOException {
    assertRefused(
        writer -> writer.specification = "WhisperSpec", "the model is a WhisperSpec; supported");
  }

  @Test
  void variablesThatAreNotThereAreNamed() throws IOException {
    String layer = "encoder/layer_0/";
    assertRefused(
        writer -> writer.variables.remove(layer + "ffn/layer_norm/gamma"),
        "missing: " + layer + "ffn/layer_norm/gamma");
    assertRefused(
        writer -> writer.variables.remove(layer + "ffn/linear_1/weight_scale"),
        layer + "ffn/linear_1/weight is int8 and there is no");
    assertRefused(
        writer -> writer.variables.remove("decoder/layer_0/attention/linear_1/weight"),
        "missing: decoder/layer_0/attention/linear_1/weight");
    assertRefused(
        writer -> writer.floats(layer + "ffn/linear_1/weight_scale", new float[] {1, 2}, 2),
        "expected one float or");
    assertRefused(
        writer -> writer.number(layer + "ffn/linear_1/weight_scale", 0), "expected scales above 0");
  }

  @Test
  void vocabulariesHaveTheSizeOfTheModel() throws IOException {
    ModelBinWriter writer = right();
    vocabularies(4, 4, "<s>", "</s>", "<unk>");
    CheckpointException e = assertThrows(CheckpointException.class, () -> read(writer, Map.of()));
    assertTrue(
        String.valueOf(e.getMessage()).contains("source_vocabulary.txt has 4 tokens"),
        e.getMessage());
    Files.delete(folder.resolve("source_vocabulary.txt"));
    e = assertThrows(CheckpointException.class, () -> read(writer, Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains("--source-vocabulary FILE"), e.getMessage());
  }

  @Test
  void aModelOfSentencePieceGivesText() throws IOException {
    ModelBinWriter writer = right();
    Path spm = folder.resolve("spm.model");
    TinyTokenizer.write(spm);
    Files.delete(folder.resolve("target_vocabulary.txt"));
    Files.move(folder.resolve("source_vocabulary.txt"), folder.resolve("shared_vocabulary.txt"));
    TokenizerModel bare = Objects.requireNonNull(read(writer, Map.of()).tokenizer());
    assertEquals(new TokenFrame(List.of(), List.of()), bare.sourceFrame());
    Checkpoint text = read(writer, Map.of("add_source_eos", "true", "add_source_bos", "true"));
    TokenizerModel tokenizer = Objects.requireNonNull(text.tokenizer());
    assertEquals(new TokenFrame(List.of(0), List.of(1)), tokenizer.sourceFrame());
    assertEquals(TokenFrame.endingIn(1), tokenizer.targetFrame());
    assertEquals(2, tokenizer.unknown());
    assertEquals(text.config().sourceVocabulary(), tokenizer.vocabulary().size());
    assertTrue(text.files().contains(spm), text.files().toString());
  }

  @Test
  void withoutOneSourcesAreTokensWithWhiteSpaceBetweenThem() throws IOException {
    Checkpoint found = read(right(), Map.of("add_source_eos", "true"));
    assertTrue(
        found.warnings().stream()
            .anyMatch(w -> w.contains("cut into the tokens of the vocabulary")),
        found.warnings().toString());
    Tokenizer tokenizer = new Tokenizer(Objects.requireNonNull(found.tokenizer()));
    assertArrayEquals(new int[] {5, 4, 2, 1}, tokenizer.encode("t5 t4 else"));
    assertEquals("t3 t5", tokenizer.decode(new int[] {3, 5, 1}));
  }

  @Test
  void tokensOfOldVersionsAreVariables() throws IOException {
    ModelBinWriter writer = right();
    writer.version = 5;
    writer.text("eos_token", "t7");
    writer.text("bos_token", "t6");
    writer.scalar("with_source_eos", 1);
    writer.scalar("with_target_bos", 0);
    Checkpoint found = read(writer, Map.of());
    assertEquals(7, found.generation().startToken());
    assertEquals(List.of(7), found.generation().endTokens());
    writer.scalar("user_decoder_start_tokens", 1);
    CheckpointException e = assertThrows(CheckpointException.class, () -> read(writer, Map.of()));
    assertTrue(
        String.valueOf(e.getMessage()).contains("--set decoder_start_token=TOKEN"), e.getMessage());
    found = read(writer, Map.of("decoder_start_token", "t9"));
    assertEquals(9, found.generation().startToken());
  }

  @Test
  void settingsOfTheUserAreKnownOnesAndDoNotContradict() throws IOException {
    ModelBinWriter writer = right();
    Files.writeString(
        folder.resolve("config.json"),
        "{\"decoder_start_token\": null, \"eos_token\": \"</s>\", \"new_key\": 1}");
    for (Map.Entry<String, String> wrong :
        Map.of("heads", "expected one of add_source_bos", "eos_token", "the checkpoint has")
            .entrySet()) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> read(writer, Map.of(wrong.getKey(), "t3")));
      assertTrue(String.valueOf(e.getMessage()).contains(wrong.getValue()), e.getMessage());
    }
    Checkpoint found = read(writer, Map.of("decoder_start_token", "t3"));
    assertEquals(3, found.generation().startToken());
    assertTrue(
        found.warnings().contains("config.json: \"new_key\" was not looked at")
            || found.warnings().contains("config.json: new_key was not looked at"),
        found.warnings().toString());
    assertFalse(found.files().isEmpty());
  }
}
