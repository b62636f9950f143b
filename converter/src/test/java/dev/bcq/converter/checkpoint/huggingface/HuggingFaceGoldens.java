package dev.bcq.converter.checkpoint.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What Hugging Face transformers computed with a tiny model, {@code golden.json} beside it. */
final class HuggingFaceGoldens {

  private HuggingFaceGoldens() {}

  /** Checks encoder outputs and log-probabilities of given targets. */
  static void assertForward(Transformer transformer, JsonNode golden) {
    for (JsonNode testCase : golden.get("cases")) {
      forward(transformer, ids(testCase.get("input_ids")), testCase);
    }
  }

  /**
   * Checks what searches find.
   *
   * @param absent options that were given beside those that the goldens list
   */
  static void assertGenerate(Translator translator, JsonNode golden, GenerationSettings absent) {
    for (JsonNode testCase : golden.get("cases")) {
      for (JsonNode call : testCase.get("generate")) {
        generate(translator, ids(testCase.get("input_ids")), call, absent);
      }
    }
  }

  static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).floatValue();
    }
    return values;
  }

  private static void forward(Transformer transformer, int[] source, JsonNode testCase) {
    EncodedSource encoded = transformer.encode(source);
    int width = transformer.config().width();
    float[] first = floats(testCase.get("encoder_output_first_token"));
    float[] last = floats(testCase.get("encoder_output_last_token"));
    for (int i = 0; i < width; i++) {
      assertEquals(first[i], encoded.output()[i], 1e-4);
      assertEquals(last[i], encoded.output()[(source.length - 1) * width + i], 1e-4);
    }
    int[] target = ids(testCase.get("decoder_input_ids"));
    DecoderSession decoder = transformer.decoder(1);
    DecoderState state = transformer.begin(encoded, 1, target.length);
    for (int i = 0; i < target.length; i++) {
      state.next(new int[] {target[i]}, new int[1], 1);
      Activations logits = decoder.step(List.of(state));
      if (i == 0 || i == target.length - 1) {
        float[] expected =
            floats(testCase.get(i == 0 ? "log_probs_first_step" : "log_probs_last_step"));
        LogSoftmax.apply(transformer.kernels(), logits, 0, expected.length);
        assertArrayEquals(expected, logits.values(), 1e-4f);
      }
    }
  }

  private static void generate(
      Translator translator, int[] source, JsonNode call, GenerationSettings absent) {
    GenerationSettings given =
        GenerationReader.readTask(
            new ConfigReader("golden.json", call.get("options")),
            translator.directory().config().targetVocabulary());
    GenerationSettings settings =
        given
            .orElse(absent)
            .orElse(translator.directory().generation())
            .orElse(GenerationSettings.builder().beams(1).maxTokens(20).build());
    Translation found = translator.translate(source, TranslationOptions.of(settings));
    String what = call.get("options") + " of " + source.length + " tokens";
    List<Integer> ends = Objects.requireNonNull(translator.directory().generation().endTokens());
    JsonNode sequences = call.get("sequences");
    assertEquals(sequences.size(), found.hypotheses().size(), what);
    for (int i = 0; i < sequences.size(); i++) {
      TargetText hypothesis = found.hypotheses().get(i);
      assertEquals(generated(sequences.get(i), ends), hypothesis.ids(), what);
      JsonNode scores = call.get("scores");
      if (scores != null && !scores.isNull()) {
        assertEquals(scores.get(i).asDouble(), hypothesis.score(), 1e-4, what);
      }
    }
  }

  /** Returns a sequence without start token and padding. */
  static List<Integer> generated(JsonNode sequence, List<Integer> ends) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i < sequence.size(); i++) {
      ids.add(sequence.get(i).asInt());
      if (ends.contains(sequence.get(i).asInt())) {
        break;
      }
    }
    return ids;
  }
}
