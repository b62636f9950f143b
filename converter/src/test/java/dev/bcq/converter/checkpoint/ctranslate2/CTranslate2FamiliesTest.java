package dev.bcq.converter.checkpoint.ctranslate2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.TinyFamilies;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.ctranslate2.CanonicalModelBin.Weights;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family, laid out as CTranslate2 does, is the model that it was before. */
class CTranslate2FamiliesTest {
  /** A token that no family starts or ends with. */
  private static final int UNKNOWN = 5;

  private final Arena arena = Arena.ofConfined();

  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  private Checkpoint original(String family) {
    return CheckpointReaders.read(
        CheckpointReaders.named("huggingface"),
        CheckpointInput.of(TinyFamilies.path(family)),
        arena);
  }

  /** Writes what lies beside a {@code model.bin}. */
  private void writeRest(Checkpoint checkpoint) throws IOException {
    GenerationSettings generation = checkpoint.generation();
    TransformerConfig config = checkpoint.config();
    for (String side : List.of("source", "target")) {
      int count = side.equals("source") ? config.sourceVocabulary() : config.targetVocabulary();
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tokens.add("t" + i);
      }
      tokens.set(UNKNOWN, "<unk>");
      Files.writeString(folder.resolve(side + "_vocabulary.txt"), String.join("\n", tokens) + "\n");
    }
    ObjectNode settings = JsonFile.object();
    settings.put("decoder_start_token", "t" + generation.startToken());
    int end = Objects.requireNonNull(generation.endTokens()).get(0);
    settings.put("eos_token", "t" + end);
    settings.put("layer_norm_epsilon", config.normEpsilon());
    JsonFile.write(folder.resolve("config.json"), settings);
  }

  private Checkpoint read(Checkpoint original, Weights weights) throws IOException {
    writeRest(original);
    CanonicalModelBin model = new CanonicalModelBin(original, weights);
    Files.write(folder.resolve("model.bin"), model.writer.bytes());
    return CheckpointReaders.read(null, CheckpointInput.of(folder), arena);
  }

  private static void assertSameConfig(TransformerConfig expected, TransformerConfig found) {
    Positions positions =
        switch (expected.positions()) {
          case Positions.Learned learned -> new Positions.Learned(learned.count(), 0);
          case Positions.Sinusoidal formula when formula.count() == 0 ->
              new Positions.Sinusoidal(
                  CanonicalModelBin.POSITIONS, false, formula.first(), formula.halfMinusOne());
          default -> expected.positions();
        };
    assertEquals(positions, found.positions());
    String[] texts =
        List.of(expected, found).stream()
            .map(config -> config.toString().replace(config.positions().toString(), ""))
            .toArray(String[]::new);
    assertEquals(texts[0], texts[1]);
  }

  @ParameterizedTest
  @MethodSource(TinyFamilies.ALL)
  void familiesInFloatsAreTheSame(String family) throws IOException {
    Checkpoint original = original(family);
    Checkpoint found = read(original, Weights.FLOAT32);
    assertSameConfig(original.config(), found.config());
    assertEquals(original.matrices().keySet(), found.matrices().keySet());
    assertEquals(original.tensors().keySet(), found.tensors().keySet());
    original
        .matrices()
        .forEach(
            (name, source) ->
                assertTrue(
                    source.sameAs(Objects.requireNonNull(found.matrices().get(name))), name));
    found
        .tensors()
        .forEach(
            (name, tensor) -> {
              TensorSource source = Objects.requireNonNull(original.tensors().get(name)).source();
              float[] expected = source.readAll();
              float[] values = tensor.source().readAll();
              int skipped = expected.length - values.length;
              assertTrue(name.contains("positions") || skipped == 0, name);
              for (int i = 0; i < values.length; i++) {
                assertEquals(expected[skipped + i], values[i], name);
              }
            });
    assertEquals(original.generation().startToken(), found.generation().startToken());
    assertEquals(original.generation().endTokens(), found.generation().endTokens());
  }

  @ParameterizedTest
  @EnumSource(Weights.class)
  void weightsOfAllTypesAreNearTheirFloats(Weights weights) throws IOException {
    Checkpoint original = original("bart");
    Checkpoint found = read(original, weights);
    assertSameConfig(original.config(), found.config());
    for (Map.Entry<String, TensorSource> matrix : original.matrices().entrySet()) {
      float[] expected = matrix.getValue().readAll();
      float[] values = Objects.requireNonNull(found.matrices().get(matrix.getKey())).readAll();
      float most = 0;
      for (float value : expected) {
        most = Math.max(most, Math.abs(value));
      }
      float step =
          switch (weights) {
            case FLOAT32 -> 0;
            case FLOAT16 -> most / 1024;
            case BFLOAT16 -> most / 128;
            case INT8, INT8_FLOAT16 -> most / 200;
            // One scale for all matrices that are stored together.
            case INT16 -> most / 100;
          };
      for (int i = 0; i < values.length; i++) {
        assertEquals(expected[i], values[i], step, matrix.getKey());
      }
    }
    boolean coded = weights.name().startsWith("INT");
    assertEquals(
        coded ? 1 : 0,
        found.warnings().stream().filter(warning -> warning.contains("in the checkpoint")).count(),
        found.warnings().toString());
  }

  @Test
  void rowsOfCodesAreReadFromAnyPlace() throws IOException {
    Checkpoint found = read(original("bart"), Weights.INT8);
    for (TensorSource matrix : found.matrices().values()) {
      float[] whole = matrix.readAll();
      for (int from = 0; from < whole.length; from += 7) {
        float[] part = new float[Math.min(13, whole.length - from) + 2];
        matrix.read(from, part, 1, part.length - 2);
        for (int i = 1; i < part.length - 1; i++) {
          assertEquals(whole[from + i - 1], part[i]);
        }
      }
    }
  }
}
