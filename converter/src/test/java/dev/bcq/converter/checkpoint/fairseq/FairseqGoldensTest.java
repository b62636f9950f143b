package dev.bcq.converter.checkpoint.fairseq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Float conversions against what fairseq computes. */
class FairseqGoldensTest {
  private static final String SEED = "data/seed-fairseq/";
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path folder;

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).floatValue();
    }
    return values;
  }

  static CheckpointInput input(String variant, JsonNode golden) {
    Path vocabularies = SharedData.path(SEED + golden.get("dictionaries").asText());
    return new CheckpointInput(
        SharedData.path(SEED + variant),
        vocabularies.resolve("dict.en.txt"),
        vocabularies.resolve("dict.de.txt"),
        Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "post-ln-args-legacy",
        "post-ln-cfg-fp16",
        "pre-ln-shared-cfg",
        "quant-noise-pq",
        "quant-noise-scalar",
        "ipq"
      })
  void modelsComputeAndFindWhatFairseqDoes(String variant) {
    JsonNode golden = SharedData.json(SEED + variant + "/golden.json.gz");
    Path output = folder.resolve("model.bcq");
    Conversions.convert(input(variant, golden), output, "32");
    BcqFile file = BcqFile.open(output);
    Transformer transformer =
        ModelLoader.load(file, KernelRegistry.load().choose("auto").create(), Arithmetic.EXACT);
    JsonNode block = golden.get(golden.has("float") ? "float" : "float_of_fp16_weights");
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      for (JsonNode testCase : block.get("cases")) {
        forward(transformer, testCase);
        for (int beams : List.of(1, 4)) {
          search(translator, testCase, beams);
        }
      }
    }
  }

  private static void forward(Transformer transformer, JsonNode testCase) {
    int[] source = ids(testCase.get("src_ids"));
    EncodedSource encoded = transformer.encode(source);
    int width = transformer.config().width();
    float[] output = encoded.output();
    assertArrayEquals(
        floats(testCase.get("encoder_first")), Arrays.copyOf(output, width), TOLERANCE);
    assertArrayEquals(
        floats(testCase.get("encoder_last")),
        Arrays.copyOfRange(output, (source.length - 1) * width, source.length * width),
        TOLERANCE);
    int[] inputs = ids(testCase.get("prev_output_ids"));
    int[] targets = ids(testCase.get("tgt_ids"));
    DecoderSession decoder = transformer.decoder(1);
    DecoderState state = transformer.begin(encoded, 1, inputs.length);
    for (int i = 0; i < inputs.length; i++) {
      state.next(new int[] {inputs[i]}, new int[1], 1);
      Activations logits = decoder.step(List.of(state));
      LogSoftmax.apply(transformer.kernels(), logits, 0, decoder.vocabulary());
      float expected = testCase.get("target_log_probs").get(i).floatValue();
      assertEquals(expected, logits.values()[targets[i]], TOLERANCE);
      JsonNode row =
          testCase.get(
              i == 0
                  ? "log_probs_first_step"
                  : i == inputs.length - 1 ? "log_probs_last_step" : "");
      if (row != null) {
        assertArrayEquals(floats(row), logits.values(), TOLERANCE);
      }
    }
  }

  private static void search(Translator translator, JsonNode testCase, int beams) {
    int[] source = ids(testCase.get("src_ids"));
    GenerationSettings settings =
        GenerationSettings.builder()
            .beams(beams)
            .nBest(beams)
            .maxTokens(11)
            .maxTokensPerSource(1.2)
            .build();
    List<TargetText> found =
        translator.translate(source, TranslationOptions.of(settings)).hypotheses();
    JsonNode expected = testCase.get("beam" + beams);
    String what = "beam " + beams + " of " + Arrays.toString(source);
    assertEquals(expected.size(), found.size(), what);
    for (int i = 0; i < found.size(); i++) {
      List<Integer> wanted = Arrays.stream(ids(expected.get(i).get("ids"))).boxed().toList();
      assertEquals(wanted, found.get(i).ids(), what);
      assertEquals(expected.get(i).get("score").asDouble(), found.get(i).score(), TOLERANCE, what);
    }
  }
}
