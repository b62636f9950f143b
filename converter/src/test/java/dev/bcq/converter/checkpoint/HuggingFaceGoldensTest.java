package dev.bcq.converter.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.SharedData;
import dev.bcq.format.BcqFile;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.Translation;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Float conversions against what Hugging Face transformers computes. */
class HuggingFaceGoldensTest {

  /** Folders whose goldens list every option of a call. */
  private static final Set<String> ALL_GIVEN =
      Set.of("t5-untied", "marian-defaults", "bart-forced-bos", "m2m100-language");

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
  void tinyModelsComputeWhatTransformersComputes(String name) {
    JsonNode golden = SharedData.json("data/hf-zoo/" + name + "/golden.json");
    BcqFile file = Conversions.convert("data/hf-zoo/" + name, folder, "32");
    Transformer transformer =
        ModelLoader.load(file, KernelRegistry.load().choose("auto").create(), Arithmetic.EXACT);
    boolean allGiven = ALL_GIVEN.contains(name);
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      for (JsonNode testCase : golden.get("cases")) {
        int[] source = ids(testCase.get("input_ids"));
        forward(transformer, source, testCase);
        for (JsonNode call : testCase.get("generate")) {
          generate(translator, source, call, allGiven);
        }
      }
    }
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
      Translator translator, int[] source, JsonNode call, boolean allGiven) {
    GenerationSettings given =
        GenerationReader.readTask(
            new ConfigReader("golden.json", call.get("options")),
            translator.directory().config().targetVocabulary());
    GenerationSettings.Builder absent = GenerationSettings.builder().beams(1);
    if (allGiven) {
      absent.maxTokens(20);
    } else {
      given =
          given.orElse(
              GenerationSettings.builder()
                  .maxTokens(24)
                  .earlyStopping(EarlyStopping.FALSE)
                  .build());
    }
    GenerationSettings settings =
        given.orElse(translator.directory().generation()).orElse(absent.build());
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
  private static List<Integer> generated(JsonNode sequence, List<Integer> ends) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i < sequence.size(); i++) {
      ids.add(sequence.get(i).asInt());
      if (ends.contains(sequence.get(i).asInt())) {
        break;
      }
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tatoeba-en-de-small", "tatoeba-en-de-t5", "en-de-base"})
  void trainedModelsTranslateAsTransformersDoes(String name) {
    JsonNode golden = SharedData.json("models/" + name + "/golden.json");
    BcqFile file =
        Conversions.convert(
            "models/" + name,
            folder,
            "32",
            name.endsWith("t5") ? "translate English to German: " : null);
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      TranslationOptions options =
          TranslationOptions.of(
              GenerationSettings.builder().beams(4).nBest(4).maxTokens(96).build());
      List<String> sources = new ArrayList<>();
      golden.forEach(sample -> sources.add(sample.get("source").asText()));
      List<Translation> translations =
          translator.translateAll(sources, options, BatchOptions.DEFAULT.withThreads(2));
      for (int number = 0; number < sources.size(); number++) {
        JsonNode sample = golden.get(number);
        String source = sources.get(number);
        int[] ids = translator.sourceIds(source, options);
        assertArrayEquals(ids(sample.get("ids")), ids, source);
        Translation found = translations.get(number);
        for (int i = 0; i < sample.get("nbest").size(); i++) {
          JsonNode expected = sample.get("nbest").get(i);
          TargetText hypothesis = found.hypotheses().get(i);
          assertEquals(generated(expected.get("ids"), List.of(1)), hypothesis.ids(), source);
          assertEquals(expected.get("score").asDouble(), hypothesis.score(), 1e-3, source);
          assertEquals(expected.get("text").asText(), hypothesis.text(), source);
        }
        int[] best = found.best().ids().stream().mapToInt(Integer::intValue).toArray();
        TargetScore score = translator.score(ids, best, options);
        for (int i = 0; i < best.length; i++) {
          assertEquals(
              sample.get("best_token_logprobs").get(i).asDouble(),
              score.logProbabilities().get(i),
              2e-3,
              source);
        }
      }
    }
  }
}
