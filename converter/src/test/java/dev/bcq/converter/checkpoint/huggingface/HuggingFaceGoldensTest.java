package dev.bcq.converter.checkpoint.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.Providers;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.TinyFamilies;
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
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.model.ModelLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Float conversions against what Hugging Face transformers computes. */
class HuggingFaceGoldensTest {

  /** Folders whose goldens list every option of a call. */
  private static final Set<String> ALL_GIVEN =
      Set.of("t5-untied", "marian-defaults", "bart-forced-bos", "m2m100-language");

  /** What the other calls had beside their options. */
  private static final GenerationSettings GIVEN =
      GenerationSettings.builder().maxTokens(24).earlyStopping(EarlyStopping.FALSE).build();

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource(TinyFamilies.ALL)
  void aModelOfEachFamilyComputesWhatTransformersComputes(String family) {
    Path model = TinyFamilies.path(family);
    BcqFile file = Conversions.convert(model, folder, "32");
    check(file, SharedData.read(model.resolve("golden.json")), GenerationSettings.NONE);
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
    check(file, golden, ALL_GIVEN.contains(name) ? GenerationSettings.NONE : GIVEN);
  }

  private static void check(BcqFile file, JsonNode golden, GenerationSettings absent) {
    for (KernelProvider provider : Providers.available()) {
      HuggingFaceGoldens.assertForward(
          ModelLoader.load(file, provider.create(), Arithmetic.EXACT), golden);
      try (Translator translator =
          Translator.of(file, TranslatorOptions.DEFAULT.withKernels(provider.id()))) {
        HuggingFaceGoldens.assertGenerate(translator, golden, absent);
      }
    }
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
        assertArrayEquals(HuggingFaceGoldens.ids(sample.get("ids")), ids, source);
        Translation found = translations.get(number);
        for (int i = 0; i < sample.get("nbest").size(); i++) {
          JsonNode expected = sample.get("nbest").get(i);
          TargetText hypothesis = found.hypotheses().get(i);
          assertEquals(
              HuggingFaceGoldens.generated(expected.get("ids"), List.of(1)),
              hypothesis.ids(),
              source);
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
