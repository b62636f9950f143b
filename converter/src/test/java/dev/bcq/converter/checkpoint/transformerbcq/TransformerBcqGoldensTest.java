package dev.bcq.converter.checkpoint.transformerbcq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.converter.checkpoint.SeedGoldens;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of transformer_bcq against what that project computes with them. */
class TransformerBcqGoldensTest {
  private static final String SEED = "data/seed-transformer-bcq/";

  /** Steps that the goldens' searches had. */
  private static final int STEPS = 60;

  @TempDir Path folder;

  private static JsonNode golden(String name) {
    return SharedData.json(SEED + name + ".json.gz");
  }

  @Test
  void modelsBeforeQuantizationComputeTheSame() {
    BcqFile file = Conversions.convert(SEED + "pretrained", folder, "32");
    SeedGoldens.assertReproduced(file, golden("golden.fp").get("cases"), STEPS);
  }

  @ParameterizedTest
  @CsvSource({
    "pten.ckpt.ep0003.bcq.npy, auto",
    "pten.ckpt.ep0003.numpy1.bcq.npy, auto",
    "pten.ckpt.ep0003.bcq.npy, 32"
  })
  void quantizedModelsComputeTheSame(String name, String bits) {
    BcqFile file = Conversions.convert(SEED + "quantized/" + name, folder, bits);
    SeedGoldens.assertReproduced(file, golden("golden.bcq").get("cases"), STEPS);
  }

  @Test
  void textsHaveTheIdsAndTranslationsOfTheProject() {
    CheckpointInput input =
        new CheckpointInput(
            SharedData.path(SEED + "quantized/pten.ckpt.ep0003.bcq.npy"),
            SharedData.path(SEED + "vocab.src.txt"),
            SharedData.path(SEED + "vocab.tgt.txt"),
            Map.of());
    Path output = folder.resolve("model.bcq");
    Conversions.convert(input, output, "auto");
    TranslatorOptions exact = TranslatorOptions.DEFAULT.withArithmetic(Arithmetic.EXACT);
    try (Translator translator = Translator.of(BcqFile.open(output), exact)) {
      for (JsonNode testCase : golden("golden.bcq").get("cases")) {
        String source = testCase.get("source").asText();
        assertArrayEquals(
            ForwardGoldens.ids(testCase.get("src_ids")),
            translator.sourceIds(source, TranslationOptions.DEFAULT),
            source);
        assertEquals(
            testCase.get("greedy_text").asText(),
            translator.translate(source, TranslationOptions.DEFAULT).best().text());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "3", "4"})
  void planesAndScalesAreTakenAsTheyAre(String bits) {
    BcqFile file = Conversions.convert(SEED + "quantized/pten.ckpt.ep0003.bcq.npy", folder, bits);
    for (MatrixEntry matrix : file.directory().matrices()) {
      BitPlanes planes = assertInstanceOf(BitPlanes.class, matrix.storage(), matrix.name());
      assertEquals(3, planes.blocks().get(0).planes(), matrix.name());
      assertEquals(0f, matrix.relativeError(), matrix.name());
      assertTrue(matrix.recovered(), matrix.name());
    }
  }
}
