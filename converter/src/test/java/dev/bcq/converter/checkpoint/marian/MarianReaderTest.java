package dev.bcq.converter.checkpoint.marian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.huggingface.TinyTokenizer;
import dev.bcq.converter.checkpoint.numpy.NpzWriter;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.format.Activation;
import dev.bcq.format.BcqFile;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarianReaderTest {
  private final Arena arena = Arena.ofConfined();
  private final MarianWriter writer = new MarianWriter(5);

  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  private Checkpoint read(Map<String, String> settings) {
    Path input = writer.write(folder.resolve("model"));
    return CheckpointReaders.read(null, new CheckpointInput(input, null, null, settings), arena);
  }

  private void assertRefused(Map<String, String> settings, String message) {
    CheckpointException e = assertThrows(CheckpointException.class, () -> read(settings), message);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  private float[] matrix(Checkpoint checkpoint, String name) {
    return Objects.requireNonNull(checkpoint.matrices().get(name), name).readAll();
  }

  private float[] tensor(Checkpoint checkpoint, String name) {
    return Objects.requireNonNull(checkpoint.tensors().get(name), name).source().readAll();
  }

  @Test
  void matricesAreTurnedAndOneTokenIsAppended() {
    Checkpoint found = read(Map.of());
    assertEquals(11, found.config().targetVocabulary());
    float[] table = matrix(found, "embedding.weight");
    float[] stored = Objects.requireNonNull(writer.values.get("Wemb"));
    for (int i = 0; i < table.length; i++) {
      assertEquals(i < stored.length ? stored[i] : 0f, table[i]);
    }
    float[] bias = tensor(found, "output.bias");
    assertEquals(11, bias.length);
    assertTrue(bias[10] < -1e8);
    float[] up = matrix(found, "encoder.layers.0.feed_forward.up.weight");
    float[] first = Objects.requireNonNull(writer.values.get("encoder_l1_ffn_W1"));
    for (int i = 0; i < up.length; i++) {
      int row = i / MarianWriter.WIDTH;
      int col = i % MarianWriter.WIDTH;
      assertEquals(first[col * MarianWriter.INNER + row], up[i]);
    }
    assertArrayEquals(
        writer.values.get("decoder_l1_context_Wo_ln_bias"),
        tensor(found, "decoder.layers.0.cross_attention_norm.bias"));
  }

  @Test
  void marianItselfIsTheDefault() {
    Checkpoint found = read(Map.of());
    assertEquals(new Positions.Sinusoidal(0, false, 0, true), found.config().positions());
    assertEquals(1e-6f, found.config().normEpsilon());
    assertEquals(NormPlacement.POST, found.config().normPlacement());
    Checkpoint other = read(Map.of("conventions", "transformers"));
    assertEquals(new Positions.Sinusoidal(0, false, 0, false), other.config().positions());
    assertEquals(1e-5f, other.config().normEpsilon());
    assertRefused(Map.of("conventions", "fairseq"), "expected marian or transformers");
  }

  @Test
  void geluIsMariansUnlessItIsToBeThatOfTransformers() {
    float[] up = matrix(read(Map.of()), "decoder.layers.0.feed_forward.up.weight");
    float[] down = matrix(read(Map.of()), "decoder.layers.0.feed_forward.down.weight");
    writer.options.put("transformer-ffn-activation", "gelu");
    Checkpoint found = read(Map.of());
    assertEquals(Activation.SILU, found.config().activation());
    float[] scaledUp = matrix(found, "decoder.layers.0.feed_forward.up.weight");
    float[] scaledDown = matrix(found, "decoder.layers.0.feed_forward.down.weight");
    for (int i = 0; i < up.length; i++) {
      assertEquals(up[i] * 1.702f, scaledUp[i]);
      assertEquals(down[i] / 1.702f, scaledDown[i], 1e-6f);
    }
    Checkpoint other = read(Map.of("conventions", "transformers"));
    assertEquals(Activation.GELU_ERF, other.config().activation());
    assertArrayEquals(up, matrix(other, "decoder.layers.0.feed_forward.up.weight"));
  }

  @Test
  void searchesAreThoseOfMarianDecoder() throws IOException {
    GenerationSettings found = read(Map.of()).generation();
    assertEquals(12, found.beams());
    assertEquals(0f, found.lengthPenalty());
    assertEquals(EarlyStopping.FIRST, found.earlyStopping());
    assertEquals(3.0, found.maxTokensPerSource());
    assertEquals(10, found.startToken());
    assertEquals(List.of(10), found.blockedTokens());
    assertEquals(List.of(0), found.endTokens());
    assertEquals(List.of(1), found.suppressedTokens());
    Files.writeString(
        folder.resolve("model/decoder.yml"),
        """
        models:
          - model.npz
        vocabs:
          - /elsewhere/vocab.yml
          - vocab.yml
        beam-size: 6
        normalize: 0.6
        allow-unk: true
        word-penalty: 0
        odd-option: 1
        """);
    Checkpoint read = read(Map.of("beam-size", "4"));
    assertEquals(4, read.generation().beams());
    assertEquals(0.6f, read.generation().lengthPenalty());
    assertEquals(List.of(), read.generation().suppressedTokens());
    assertTrue(
        read.warnings().contains("decoder.yml: odd-option was not looked at"),
        read.warnings().toString());
    Files.writeString(folder.resolve("model/decoder.yml"), "word-penalty: 0.5\n");
    assertRefused(Map.of(), "decoder.yml has word-penalty = 0.5; supported: 0");
  }

  @Test
  void normsInFrontAreRead() {
    writer.normFirst();
    writer.norm("encoder_emb_ln_", "_pre");
    writer.norm("decoder_emb_ln_", "_pre");
    writer.options.put("transformer-postprocess-emb", "nd");
    Checkpoint found = read(Map.of());
    assertEquals(NormPlacement.PRE, found.config().normPlacement());
    assertTrue(found.config().finalNorm());
    assertTrue(found.config().embeddingNorm());
    assertArrayEquals(
        writer.values.get("encoder_top_ln_scale"), tensor(found, "encoder.norm.weight"));
  }

  @Test
  void embeddingsMayBeApart() {
    writer.options.put("tied-embeddings-all", "false");
    writer.values.remove("Wemb");
    writer.add("encoder_Wemb", 10, MarianWriter.WIDTH);
    writer.add("decoder_Wemb", 10, MarianWriter.WIDTH);
    assertRefused(Map.of(), "missing: decoder_ff_logit_out_Wt");
    writer.add("decoder_ff_logit_out_W", MarianWriter.WIDTH, 10);
    Checkpoint found = read(Map.of());
    assertEquals(10, found.config().sourceVocabulary());
    assertEquals(11, found.config().targetVocabulary());
    float[] output = matrix(found, "output.weight");
    float[] stored = Objects.requireNonNull(writer.values.get("decoder_ff_logit_out_W"));
    assertEquals(stored[3 * 10 + 7], output[7 * MarianWriter.WIDTH + 3]);
    writer.options.put("tied-embeddings", "true");
    assertRefused(Map.of(), "an embedding is said to be tied to the output");
  }

  @Test
  void trainedPositionsAreTables() {
    writer.options.put("transformer-train-position-embeddings", "true");
    assertRefused(Map.of(), "Wpos is missing");
    writer.add("Wpos", 20, MarianWriter.WIDTH);
    Checkpoint found = read(Map.of());
    assertEquals(new Positions.Learned(20, 0), found.config().positions());
    assertEquals(1f, found.config().embeddingScale());
  }

  @ParameterizedTest
  @CsvSource({
    "type, s2s",
    "type, amun",
    "transformer-decoder-autoreg, rnn",
    "transformer-decoder-autoreg, average-attention",
    "transformer-no-projection, true",
    "transformer-pool, true",
    "transformer-tied-layers, '[1]'",
    "transformer-ffn-depth, 3",
    "transformer-decoder-ffn-depth, 1",
    "transformer-ffn-activation, tanh",
    "transformer-postprocess, dhn",
    "transformer-postprocess, danr",
    "transformer-preprocess, r",
    "transformer-postprocess-top, a",
    "transformer-postprocess-emb, a",
    "transformer-heads, 3",
    "transformer-heads, x",
    "transformer-heads, 0",
    "enc-depth, -1",
    "enc-depth, 2",
    "dec-depth, 2000000000",
    "input-types, '[sequence, class]'",
    "lemma-dim-emb, 512",
    "right-left, true",
    "ulr, true",
    "dim-emb, 16",
    "dim-vocabs, '[10, 11]'"
  })
  void whatCannotBeExpressedIsNamed(String option, String value) {
    writer.options.put(option, value);
    assertRefused(Map.of(), "special:model.yml has " + option + " = ");
  }

  @Test
  void arraysWithoutAPlaceAreNamed() {
    writer.add("decoder_l1_rnn_W", MarianWriter.WIDTH, MarianWriter.WIDTH);
    writer.values.remove("encoder_l1_ffn_b2");
    writer.add("encoder_l1_self_Wq", MarianWriter.WIDTH, 9);
    assertRefused(Map.of(), "unknown: decoder_l1_rnn_W [8, 8]");
    assertRefused(Map.of(), "missing: encoder_l1_ffn_b2 [1, 8]");
    assertRefused(Map.of(), "wrong shape: encoder_l1_self_Wq is [8, 9], expected [8, 8]");
  }

  @Test
  void settingsOfTheUserAreKnownOnesAndDoNotContradict() {
    assertRefused(Map.of("heads", "2"), "--set heads: expected one of conventions, allow-unk");
    assertRefused(
        Map.of("transformer-heads", "4"), "--set transformer-heads=4: special:model.yml has 2");
    writer.options.remove("transformer-heads");
    assertEquals(4, read(Map.of("transformer-heads", "4")).config().encoder().heads());
  }

  @Test
  void vocabulariesHaveTheSizeOfTheModel() throws IOException {
    writer.write(folder.resolve("model"));
    Path other = Files.writeString(folder.resolve("other.yml"), "</s>: 0\n<unk>: 1\na: 2\n");
    CheckpointInput input = new CheckpointInput(folder.resolve("model"), null, other, Map.of());
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> CheckpointReaders.read(null, input, arena));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("other.yml has 3 tokens; the target embedding has 10 rows"),
        e.getMessage());
    Files.delete(folder.resolve("model/vocab.yml"));
    CheckpointException absent =
        assertThrows(
            CheckpointException.class,
            () ->
                CheckpointReaders.read(
                    null, CheckpointInput.of(folder.resolve("model/model.npz")), arena));
    assertTrue(
        String.valueOf(absent.getMessage()).contains("--source-vocabulary FILE"),
        absent.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void modelsOfSentencePieceGiveText(boolean builtIn) throws IOException {
    TinyTokenizer.write(folder.resolve("tiny.spm"));
    List<String> pieces = SentencePieceModelReader.read(folder.resolve("tiny.spm")).pieces();
    MarianWriter larger = new MarianWriter(6, pieces.size());
    Path input = larger.write(folder.resolve("text"));
    Files.delete(input.resolve("vocab.yml"));
    if (builtIn) {
      Files.copy(folder.resolve("tiny.spm"), input.resolve("vocab.spm"));
    } else {
      Files.copy(folder.resolve("tiny.spm"), input.resolve("source.spm"));
      Files.copy(folder.resolve("tiny.spm"), input.resolve("target.spm"));
      StringBuilder ids = new StringBuilder();
      for (int i = 0; i < pieces.size(); i++) {
        // Another order than that of the pieces.
        ids.append("'%s': %d\n".formatted(pieces.get(i), pieces.size() - 1 - i));
      }
      Files.writeString(input.resolve("opus.vocab.yml"), ids);
    }
    BcqFile file = Conversions.convert(input, folder, "32");
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      int end = builtIn ? 1 : pieces.size() - 2;
      int[] found = translator.sourceIds("the weather", TranslationOptions.DEFAULT);
      int first = builtIn ? 3 : pieces.size() - 4;
      assertArrayEquals(new int[] {first, builtIn ? 4 : first - 1, end}, found);
      assertEquals(List.of(end), file.directory().generation().endTokens());
      translator.translate("the weather is nice");
    }
  }

  @Test
  void optionsNobodyKnowsAreWarnings() {
    writer.options.put("brand-new", "1");
    writer.options.put("input-types", "[sequence, sequence]");
    Checkpoint found = read(Map.of());
    assertTrue(
        found.warnings().contains("special:model.yml: brand-new was not looked at"),
        found.warnings().toString());
    assertTrue(
        found.warnings().stream().anyMatch(warning -> warning.contains("with white space between")),
        found.warnings().toString());
    assertNotNull(found.tokenizer());
  }

  @Test
  void archivesOfOthersAreNoModels() throws IOException {
    Path other = folder.resolve("other.npz");
    Files.write(other, new NpzWriter().zip());
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () ->
                CheckpointReaders.read(
                    CheckpointReaders.named("marian"), CheckpointInput.of(other), arena));
    assertEquals("other.npz has no special:model.yml; expected a model of Marian", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "2", "int8"})
  void allKernelsFindTheSame(String bits) {
    Path input = writer.write(folder.resolve("model"));
    Conversions.convert(input, folder, bits);
    KernelAgreement.assertSame(
        folder.resolve("model.bcq"),
        List.of(new int[] {2, 3, 4, 0}, new int[] {9, 8, 7, 6, 5, 0}, new int[] {0}));
  }
}
