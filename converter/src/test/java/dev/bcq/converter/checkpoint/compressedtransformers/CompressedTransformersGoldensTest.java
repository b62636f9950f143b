package dev.bcq.converter.checkpoint.compressedtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.SeedGoldens;
import dev.bcq.converter.checkpoint.WeightForm;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Int8;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of Compressed-Transformers against what that project computes with them. */
class CompressedTransformersGoldensTest {
  private static final String SEED = "data/seed-compressed-transformers/";

  /** Tokens that the goldens' searches made at most. */
  private static final int STEPS = 40;

  @TempDir Path folder;

  private BcqFile convert(String variant, String weights, String bits) {
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    CheckpointInput input =
        new CheckpointInput(
            SharedData.path(SEED + variant),
            null,
            null,
            Map.of("heads", golden.get("heads").asText()),
            WeightForm.rules(weights));
    Conversions.convert(input, folder.resolve("model.bcq"), bits);
    return BcqFile.open(folder.resolve("model.bcq"));
  }

  @ParameterizedTest(name = "{0} by {1} in --bits {2}")
  @CsvSource({
    "plain, float, 32, float_master",
    "q2_all, float, 32, float_master",
    "q7_attn, float, 32, float_master",
    "q2_all, codes, 32, stored_codes_float_bias",
    "q7_attn, codes, 32, stored_codes_float_bias",
    "bin_all, signs, 32, sign_of_weights"
  })
  void modelsComputeTheSame(String variant, String weights, String bits, String block) {
    BcqFile file = convert(variant, weights, bits);
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    SeedGoldens.assertReproduced(file, golden.get(block).get("cases"), STEPS);
  }

  /** Embeddings and the output, which are not rounded, stay floats here. */
  @ParameterizedTest(name = "{0} by {1}")
  @CsvSource({
    "q2_all, codes, stored_codes_float_bias, 32",
    "q7_attn, codes, stored_codes_float_bias, 18",
    "bin_all, signs, sign_of_weights, 32"
  })
  void whatWasRoundedIsTakenWithoutLoss(String variant, String weights, String block, int count) {
    String layers =
        variant.equals("q7_attn") ? "*_attention.{query,key,value}=auto" : "*layers*=auto";
    BcqFile file = convert(variant, weights, layers + ",*=32");
    List<MatrixEntry> taken =
        file.directory().matrices().stream()
            .filter(matrix -> !(matrix.storage() instanceof MatrixEntry.Float32))
            .toList();
    for (MatrixEntry matrix : taken) {
      assertEquals(0f, matrix.relativeError(), matrix.name());
      boolean small =
          switch (variant) {
            case "q2_all" -> matrix.storage() instanceof BitPlanes planes && planes(planes) == 3;
            case "bin_all" -> matrix.storage() instanceof BitPlanes planes && planes(planes) == 1;
            default -> matrix.storage() instanceof Int8;
          };
      assertTrue(small, matrix.name() + " is " + matrix.storage());
    }
    assertEquals(count, taken.size());
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    if (!variant.equals("q7_attn")) {
      SeedGoldens.assertReproduced(file, golden.get(block).get("cases"), STEPS);
    }
  }

  private static int planes(BitPlanes planes) {
    return planes.blocks().get(0).planes();
  }

  @Test
  void rulesTakeSignsOfSomeMatricesAndFloatsOfOthers() {
    BcqFile file = convert("bin_all", "*_attention.{query,key,value}=signs,*=float", "auto");
    for (MatrixEntry matrix : file.directory().matrices()) {
      boolean signs = matrix.name().matches(".*_attention\\.(query|key|value)\\.weight");
      assertEquals(signs, matrix.recovered(), matrix.name());
    }
  }
}
