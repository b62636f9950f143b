package dev.bcq.converter.checkpoint.fairseq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.fairseq.FairseqWriter.Tensor;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of checkpoints of fairseq, and what is said of those that cannot be read. */
class FairseqReaderTest {
  private static final int WIDTH = FairseqWriter.WIDTH;

  private final Arena arena = Arena.ofConfined();
  private final FairseqWriter writer = new FairseqWriter(1);

  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  private Checkpoint read(FairseqWriter checkpoint, String... settings) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String setting : settings) {
      given.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    Path path =
        checkpoint.write(folder.resolve(String.valueOf(System.identityHashCode(checkpoint))));
    return CheckpointReaders.read(null, new CheckpointInput(path, null, null, given), arena);
  }

  private void assertRefused(String message, String... settings) {
    CheckpointException thrown =
        assertThrows(CheckpointException.class, () -> read(writer, settings));
    assertTrue(String.valueOf(thrown.getMessage()).contains(message), thrown.getMessage());
  }

  private static float[] matrix(Checkpoint checkpoint, String name) {
    return Objects.requireNonNull(checkpoint.matrices().get(name), name).readAll();
  }

  private static float[] tensor(Checkpoint checkpoint, String name) {
    return Objects.requireNonNull(checkpoint.tensors().get(name), name).source().readAll();
  }

  private static void assertSame(Checkpoint expected, Checkpoint found) {
    assertEquals(expected.config(), found.config());
    assertEquals(List.copyOf(expected.matrices().keySet()), List.copyOf(found.matrices().keySet()));
    expected
        .matrices()
        .forEach((name, source) -> assertArrayEquals(source.readAll(), matrix(found, name), name));
    assertEquals(expected.tensors().keySet(), found.tensors().keySet());
    expected
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.source().readAll(), tensor(found, name), name));
  }

  private float[] values(String name) {
    return writer.get(name).values();
  }

  @Test
  void aPlainCheckpointIsAPostNormTransformerWithTheRulesOfFairseq() {
    Checkpoint found = read(writer);
    assertEquals("fairseq", found.family());
    assertEquals(NormPlacement.POST, found.config().normPlacement());
    assertFalse(found.config().finalNorm());
    assertEquals(new Positions.Sinusoidal(32, false, 2, true), found.config().positions());
    assertEquals((float) Math.sqrt(WIDTH), found.config().embeddingScale());
    assertFalse(found.config().tiedOutput());
    assertEquals(2, found.generation().startToken());
    assertEquals(List.of(2), found.generation().endTokens());
    assertEquals(EarlyStopping.FIRST, found.generation().earlyStopping());
    assertEquals(5, found.generation().beams());
    assertEquals(201, found.generation().maxTokens());
    assertEquals(List.of(), found.warnings());
    assertEquals(
        List.of("checkpoint_best.pt", "dict.en.txt", "dict.de.txt"),
        found.files().stream().map(file -> String.valueOf(file.getFileName())).toList());
  }

  @Test
  void namesOfOldVersionsGiveTheSameModel() {
    Checkpoint expected = read(writer);
    FairseqWriter old = new FairseqWriter(1);
    for (String name :
        List.of(
            "encoder.layers.0.self_attn",
            "decoder.layers.0.self_attn",
            "decoder.layers.0.encoder_attn")) {
      for (String kind : List.of("weight", "bias")) {
        old.tensors.put(
            name + ".in_proj_" + kind,
            Tensor.stack(
                List.of("q_proj", "k_proj", "v_proj").stream()
                    .map(part -> old.remove(name + "." + part + "." + kind))
                    .toList()));
      }
    }
    for (String kind : List.of("weight", "bias")) {
      String encoder = "encoder.layers.0.";
      old.rename(encoder + "self_attn_layer_norm." + kind, encoder + "layer_norms.0." + kind);
      old.rename(encoder + "final_layer_norm." + kind, encoder + "layer_norms.1." + kind);
      String decoder = "decoder.layers.0.";
      old.rename(decoder + "self_attn_layer_norm." + kind, decoder + "layer_norms.0." + kind);
      old.rename(decoder + "encoder_attn_layer_norm." + kind, decoder + "layer_norms.1." + kind);
      old.rename(decoder + "final_layer_norm." + kind, decoder + "layer_norms.2." + kind);
    }
    old.rename("decoder.output_projection.weight", "decoder.embed_out");
    old.tensor("encoder.embed_positions._float_tensor", 1);
    old.tensor("decoder.embed_positions.weights", 32, WIDTH);
    old.tensors.remove("encoder.version");
    assertSame(expected, read(old));
  }

  @Test
  void settingsOfDataClassesAreThoseOfArguments() {
    Checkpoint expected = read(writer);
    FairseqWriter later = new FairseqWriter(1);
    later.nested = true;
    assertSame(expected, read(later));
  }

  @Test
  void aTiedOutputIsStoredOnce() {
    writer.args.put("share_decoder_input_output_embed", true);
    writer.tensors.put(
        "decoder.output_projection.weight", writer.get("decoder.embed_tokens.weight"));
    Checkpoint copied = read(writer);
    assertTrue(copied.config().tiedOutput());
    FairseqWriter without = new FairseqWriter(1);
    without.args.put("share_decoder_input_output_embed", true);
    without.tensors.remove("decoder.output_projection.weight");
    assertSame(copied, read(without));
  }

  @Test
  void preNormStacksEndInNormsAndEmbeddingsMayHaveTheirOwn() {
    for (String stack : List.of("encoder", "decoder")) {
      writer.args.put(stack + "_normalize_before", true);
      writer.norm(stack + ".layer_norm");
      writer.norm(stack + ".layernorm_embedding");
    }
    writer.args.put("layernorm_embedding", true);
    Checkpoint found = read(writer);
    assertEquals(NormPlacement.PRE, found.config().normPlacement());
    assertTrue(found.config().finalNorm() && found.config().embeddingNorm());
    writer.tensors.remove("decoder.layer_norm.bias");
    assertRefused("missing: decoder.layer_norm.bias [8]");
  }

  @Test
  void stacksOfOldVersionsDoNotEndInNorms() {
    for (String stack : List.of("encoder", "decoder")) {
      writer.args.put(stack + "_normalize_before", true);
      writer.tensors.remove(stack + ".version");
    }
    assertFalse(read(writer).config().finalNorm());
  }

  @Test
  void learnedPositionsAreCutToTheRowsOfBothStacks() {
    writer.args.put("encoder_learned_pos", true);
    writer.args.put("max_source_positions", 40L);
    writer.tensor("encoder.embed_positions.weight", 42, WIDTH);
    Checkpoint found = read(writer);
    assertEquals(new Positions.Learned(32, 0), found.config().positions());
    assertArrayEquals(
        writer.get("encoder.embed_positions.weight").rows(2, 32).values(),
        tensor(found, "encoder.positions.weight"));
    float[] sinusoids = tensor(found, "decoder.positions.weight");
    assertEquals(Math.sin(2), sinusoids[0], 1e-6);
    assertEquals(Math.cos(33), sinusoids[31 * WIDTH + WIDTH / 2], 1e-6);
    assertTrue(found.warnings().get(0).contains("both became 32"), found.warnings().toString());
  }

  @Test
  void headsOfAnotherWidthScaleQueries() {
    writer.args.put("decoder_attention_heads", 8L);
    Checkpoint found = read(writer);
    float factor = 2f;
    assertEquals(0.5f, found.config().attentionScale());
    for (String kind : List.of("weight", "bias")) {
      float[] stored = values("decoder.layers.0.encoder_attn.q_proj." + kind);
      String name = "decoder.layers.0.cross_attention.query." + kind;
      float[] scaled = kind.equals("bias") ? tensor(found, name) : matrix(found, name);
      for (int i = 0; i < stored.length; i++) {
        assertEquals(stored[i] * factor, scaled[i]);
      }
    }
  }

  @Test
  void matricesOfQuantNoiseAreMultipliedIntoWhatIsBeforeThem() {
    writer.tensor("encoder.quant_noise.weight", WIDTH, WIDTH);
    writer.tensor("decoder.quant_noise.weight", WIDTH, WIDTH);
    Checkpoint found = read(writer);
    for (String stack : List.of("encoder", "decoder")) {
      float[] embedding = values(stack + ".embed_tokens.weight");
      float[] noise = values(stack + ".quant_noise.weight");
      float[] product = matrix(found, stack + ".embedding.weight");
      for (int i = 0; i < product.length; i++) {
        double sum = 0;
        for (int j = 0; j < WIDTH; j++) {
          sum += (double) embedding[i / WIDTH * WIDTH + j] * noise[i % WIDTH * WIDTH + j];
        }
        assertEquals(sum, product[i], 1e-6);
      }
    }
    assertArrayEquals(values("decoder.output_projection.weight"), matrix(found, "output.weight"));
    float[] noise = values("encoder.quant_noise.weight");
    double first = 0;
    for (int j = 0; j < WIDTH / 2; j++) {
      double angle = 2 * Math.pow(10000, -j / (WIDTH / 2 - 1.0));
      first += Math.sin(angle) * noise[j] + Math.cos(angle) * noise[WIDTH / 2 + j];
    }
    assertEquals(first, tensor(found, "encoder.positions.weight")[0], 1e-6);
    assertEquals(Math.sin(2), tensor(found, "decoder.positions.weight")[0], 1e-6);
    writer.args.put("layernorm_embedding", true);
    assertRefused("encoder.quant_noise.weight follows a normalization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder.embed_tokens", "encoder.layers.0.fc1", "encoder.layers.0.fc2"})
  void productQuantizedMatricesAreLookedUp(String module) {
    Tensor weight = writer.remove(module + ".weight");
    int rows = (int) weight.shape()[0];
    int cols = (int) weight.shape()[1];
    writer.tensor(module + ".centroids", 5, 4);
    float[] assignments = new float[rows * cols / 4];
    for (int i = 0; i < assignments.length; i++) {
      assignments[i] = (i * 7 + i / 3) % 5;
    }
    writer.tensors.put(module + ".assignments", new Tensor(assignments, true, assignments.length));
    writer.tensor(module + ".counts", 5);
    float[] centroids = values(module + ".centroids");
    String name =
        module
            .replace("embed_tokens", "embedding")
            .replace("fc1", "feed_forward.up")
            .replace("fc2", "feed_forward.down");
    float[] found = matrix(read(writer), name + ".weight");
    for (int i = 0; i < found.length; i++) {
      int block = i % cols / 4;
      int centroid = (int) assignments[block * rows + i / cols];
      assertEquals(centroids[centroid * 4 + i % 4], found[i]);
    }
    assignments[3] = 5;
    assertRefused(module + ".assignments names the centroid 5; there are 5");
  }

  @Test
  void missingSettingsAreNamedAndMayBeGiven() {
    writer.args.remove("encoder_attention_heads");
    writer.args.remove("decoder_attention_heads");
    assertRefused(
        "does not say encoder_attention_heads, decoder_attention_heads; give the values that it was"
            + " trained with: --set encoder_attention_heads=N --set decoder_attention_heads=N");
    Checkpoint found = read(writer, "encoder_attention_heads=4", "decoder_attention_heads=4");
    assertEquals(4, found.config().decoder().heads());
  }

  @Test
  void givenSettingsContradictNothingAndMeanSomething() {
    assertRefused("--set encoder_layers=2: the checkpoint has 1", "encoder_layers=2");
    assertRefused("--set heads: fairseq's transformer has no such setting", "heads=4");
    assertEquals(1.5, read(writer, "generation_max_len_a=1.5").generation().maxTokensPerSource());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          encoder_attention_heads | 3 | encoder_attention_heads = 3; expected a divisor of the width, 8
          encoder_layers | 2 | encoder_layers = 2; expected 1, as there are encoder.layers.N
          decoder_embed_dim | 16 | decoder_embed_dim = 16; expected the width of the encoder, 8
          decoder_ffn_embed_dim | 24 | wrong shape: decoder.layers.0.fc1.weight is [16, 8], expected [24, 8]
          base_layers | 1 | has base_layers = 1, which cannot be expressed
          generation_unkpen | 2 | has generation_unkpen = 2, which cannot be expressed
          encoder_layers_to_keep | 0,1 | has encoder_layers_to_keep = 0,1, which cannot be expressed
          adaptive_softmax_cutoff | 100,200 | has adaptive_softmax_cutoff = 100,200, which
          activation_fn | linear | activation_fn = linear; expected gelu, gelu_accurate, gelu_fast, relu
          """)
  void settingsThatCannotBeExpressedAreNamed(String key, String value, String message) {
    writer.args.put(key, value.matches("\\d+") ? (Object) Long.valueOf(value) : value);
    assertRefused(message);
  }

  @Test
  void flagsThatCannotBeExpressedAreNamed() {
    writer.args.put("decoder_normalize_before", true);
    assertRefused("decoder_normalize_before = true; expected that of the encoder, false");
    writer.args.put("decoder_normalize_before", false);
    writer.args.put("cross_self_attention", true);
    assertRefused("cross_self_attention = true, which cannot be expressed");
  }

  @Test
  void otherArchitecturesAreNamed() {
    writer.args.put("arch", "lstm_wiseman_iwslt_de_en");
    writer.tensors.keySet().removeIf(name -> name.contains("_attn."));
    assertRefused("the model (lstm_wiseman_iwslt_de_en) has no encoder.layers.0.self_attn.*");
  }

  @Test
  void tensorsWithoutAPlaceAreNamed() {
    writer.tensor("decoder.embed_length.weight", 256, WIDTH);
    assertRefused("unknown: decoder.embed_length.weight [256, 8]");
  }
}
