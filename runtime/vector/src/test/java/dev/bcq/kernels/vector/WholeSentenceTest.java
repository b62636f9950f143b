package dev.bcq.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.WarmingKernels;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sentence through a whole model has the same bits with Vector and scalar kernels. */
class WholeSentenceTest {

  @TempDir Path folder;

  private static void assertSameLogits(BcqFile file, int[] source, int steps) {
    Assumptions.assumeTrue(new VectorKernelProvider().probe().available());
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Transformer scalar = ModelLoader.load(file, new ScalarKernelProvider().create(), arithmetic);
      Transformer vector = ModelLoader.load(file, new VectorKernelProvider().create(), arithmetic);
      EncodedSource scalarSource = scalar.encode(source);
      EncodedSource vectorSource = vector.encode(source);
      assertArrayEquals(scalarSource.output(), vectorSource.output(), 0f);
      SentenceDecoder scalarDecoder = new SentenceDecoder(scalar, scalarSource, 3, steps);
      SentenceDecoder vectorDecoder = new SentenceDecoder(vector, vectorSource, 3, steps);
      for (int step = 0; step < steps; step++) {
        int[] tokens = {step % 40, (step + 7) % 40, (step * 3) % 40};
        int[] parents = {0, step % 3, 2};
        int columns = step == 0 ? 1 : 3;
        parents = step == 1 ? new int[3] : parents;
        float[] expected = scalarDecoder.step(tokens, parents, columns);
        float[] found = vectorDecoder.step(tokens, parents, columns);
        for (int i = 0; i < columns * scalar.config().targetVocabulary(); i++) {
          int at = i;
          assertEquals(
              Float.floatToRawIntBits(expected[i]),
              Float.floatToRawIntBits(found[i]),
              () -> arithmetic + ", logit " + at);
        }
      }
    }
  }

  @Test
  void randomModelsHaveTheSameLogits() {
    int[] source = {7, 3, 44, 20, 9, 12, 33, 1};
    assertSameLogits(RandomModels.marian(folder.resolve("marian.bcq"), 1), source, 30);
    assertSameLogits(RandomModels.t5(folder.resolve("t5.bcq"), 2), source, 30);
  }

  @Test
  void theDefaultModelHasTheSameLogits() {
    BcqFile file = BcqFile.open(Path.of(System.getProperty("bcq.default.model", "none")));
    assertSameLogits(file, new int[] {163, 79, 12, 7, 99, 4000, 31, 1}, 6);
  }

  @Test
  void theDefaultModelTranslatesTheSameInEveryWay() {
    BcqFile file = BcqFile.open(Path.of(System.getProperty("bcq.default.model", "none")));
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Translation expected = null;
      for (String kernels : List.of("scalar", "vector")) {
        TranslatorOptions options = new TranslatorOptions(kernels, arithmetic);
        try (Translator translator = Translator.of(file, options)) {
          Translation found =
              translator.translate(
                  translator.sourceIds("Where is the station?", TranslationOptions.DEFAULT),
                  TranslationOptions.DEFAULT);
          assertTrue(found.best().text().contains("Bahnhof"), found.best().text());
          expected = expected == null ? found : expected;
          assertEquals(expected, found);
        }
      }
    }
  }

  @Test
  void sentencesTranslatedTogetherHaveTheBitsOfScalarOnesAlone() {
    Assumptions.assumeTrue(new VectorKernelProvider().probe().available());
    BcqFile file = RandomModels.marian(folder.resolve("marian.bcq"), 1);
    Random random = new Random(3);
    List<int[]> sources = new ArrayList<>();
    for (int length : new int[] {3, 31, 1, 17, 8, 64}) {
      sources.add(random.ints(length, 2, RandomModels.VOCABULARY).toArray());
    }
    for (Arithmetic arithmetic : Arithmetic.values()) {
      for (int beams : new int[] {1, 4}) {
        TranslationOptions options =
            TranslationOptions.of(GenerationSettings.builder().beams(beams).maxTokens(12).build());
        List<Translation> expected = new ArrayList<>();
        try (Translator scalar = Translator.of(file, new TranslatorOptions("scalar", arithmetic))) {
          for (int[] source : sources) {
            expected.add(scalar.translate(source, options));
          }
        }
        try (Translator vector = Translator.of(file, new TranslatorOptions("vector", arithmetic))) {
          assertEquals(expected, vector.translateAllIds(sources, options, BatchOptions.DEFAULT));
        }
      }
    }
  }

  @Test
  void aSentenceThatBeginsOnScalarKernelsHasTheSameLogits() {
    Assumptions.assumeTrue(new VectorKernelProvider().probe().available());
    BcqFile file = RandomModels.marian(folder.resolve("marian.bcq"), 1);
    Kernels scalar = new ScalarKernelProvider().create();
    int[] source = {7, 3, 44, 20, 9, 12, 33, 1};
    for (int switched = 0; switched < 12; switched += 3) {
      WarmingKernels warming = new WarmingKernels(scalar, new VectorKernelProvider().create());
      Transformer expected = ModelLoader.load(file, scalar, Arithmetic.FAST);
      Transformer found = ModelLoader.load(file, warming, Arithmetic.FAST);
      SentenceDecoder expectedDecoder =
          new SentenceDecoder(expected, expected.encode(source), 2, 12);
      SentenceDecoder foundDecoder = new SentenceDecoder(found, found.encode(source), 2, 12);
      for (int step = 0; step < 12; step++) {
        if (step == switched) {
          warming.switchOver();
        }
        int[] tokens = {step, 2 * step};
        int[] parents = {0, step % 2};
        int columns = step == 0 ? 1 : 2;
        parents = step == 1 ? new int[2] : parents;
        float[] logits = expectedDecoder.step(tokens, parents, columns);
        assertArrayEquals(logits, foundDecoder.step(tokens, parents, columns), 0f);
      }
    }
  }

  @Test
  void translationsStayTheSameWhileTheKernelsWarmUp() {
    BcqFile file = BcqFile.open(Path.of(System.getProperty("bcq.default.model", "none")));
    TranslationOptions options = TranslationOptions.DEFAULT;
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      Translation expected = translator.translate("Where is the station?", options);
      for (int i = 0; i < 30; i++) {
        assertEquals(expected, translator.translate("Where is the station?", options));
      }
    }
  }
}
