package dev.bcq.converter.checkpoint.marian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.format.BcqFile;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.Translation.TargetText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model in Marian's layout against what Hugging Face computes with the same weights. */
class MarianGoldensTest {
  static final String SEED = "data/seed-marian";

  @TempDir Path folder;

  private ForwardGoldens convert(String conventions) {
    Path output = folder.resolve("model.bcq");
    CheckpointInput input =
        new CheckpointInput(SharedData.path(SEED), null, null, Map.of("conventions", conventions));
    Conversions.convert(input, output, "32");
    return new ForwardGoldens(BcqFile.open(output));
  }

  private static List<Integer> list(JsonNode ids) {
    return Arrays.stream(ForwardGoldens.ids(ids)).boxed().toList();
  }

  private static GenerationSettings search(int beams) {
    return GenerationSettings.builder()
        .beams(beams)
        .nBest(beams)
        .maxTokens(24)
        .lengthPenalty(1f)
        .earlyStopping(EarlyStopping.FALSE)
        .suppressedTokens(List.of())
        .build();
  }

  @Test
  void modelsComputeAndFindWhatTransformersDo() {
    ForwardGoldens model = convert("transformers");
    for (JsonNode testCase : SharedData.json(SEED + "/golden.json.gz").get("cases")) {
      model.assertForward(testCase);
      int[] source = ForwardGoldens.ids(testCase.get("src_ids"));
      for (int beams : new int[] {1, 4}) {
        JsonNode expected = testCase.get("beam" + beams);
        List<TargetText> found = model.translation(source, search(beams)).hypotheses();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
          assertEquals(list(expected.get(i).get("ids")), found.get(i).ids(), "beams " + beams);
          if (beams > 1) {
            // Theirs count a padding token among those that may follow.
            double score = expected.get(i).get("score").asDouble();
            assertEquals(score, found.get(i).score(), 0.02);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "2"})
  void allKernelsFindTheSame(String bits) {
    Path output = folder.resolve("model.bcq");
    Conversions.convert(CheckpointInput.of(SharedData.path(SEED)), output, bits);
    List<int[]> sources = new ArrayList<>();
    for (JsonNode testCase : SharedData.json(SEED + "/golden.json.gz").get("cases")) {
      sources.add(ForwardGoldens.ids(testCase.get("src_ids")));
    }
    KernelAgreement.assertSame(output, sources);
  }

  @Test
  void whatMarianItselfComputesIsSomethingElse() {
    ForwardGoldens model = convert("marian");
    JsonNode testCase = SharedData.json(SEED + "/golden.json.gz").get("cases").get(1);
    float[] found = model.encoder(ForwardGoldens.ids(testCase.get("src_ids")));
    float[] expected = ForwardGoldens.floats(testCase.get("encoder_last"));
    float most = 0;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(expected[i] - found[found.length - expected.length + i]));
    }
    assertTrue(most > 1e-2 && most < 3, "largest difference " + most);
  }
}
