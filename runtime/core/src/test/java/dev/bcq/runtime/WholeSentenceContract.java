package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sentence through a whole model has the bits of the scalar kernels. */
@Tag("arm")
public abstract class WholeSentenceContract {

  @TempDir Path folder;

  /** Returns the provider under test. */
  protected abstract KernelProvider provider();

  /** Skips the test where the provider is not available; {@code KernelContract} requires it. */
  @BeforeEach
  void requireProvider() {
    Availability availability = provider().probe();
    Assumptions.assumeTrue(availability.available(), availability.detail());
  }

  private void assertSameLogits(BcqFile file, int[] source, int steps) {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      Transformer scalar = ModelLoader.load(file, new ScalarKernelProvider().create(), arithmetic);
      Transformer other = ModelLoader.load(file, provider().create(), arithmetic);
      EncodedSource scalarSource = scalar.encode(source);
      EncodedSource otherSource = other.encode(source);
      assertArrayEquals(scalarSource.output(), otherSource.output(), 0f);
      SentenceDecoder scalarDecoder = new SentenceDecoder(scalar, scalarSource, 3, steps);
      SentenceDecoder otherDecoder = new SentenceDecoder(other, otherSource, 3, steps);
      for (int step = 0; step < steps; step++) {
        int[] tokens = {step % 40, (step + 7) % 40, (step * 3) % 40};
        int[] parents = {0, step % 3, 2};
        int columns = step == 0 ? 1 : 3;
        parents = step == 1 ? new int[3] : parents;
        float[] expected = scalarDecoder.step(tokens, parents, columns);
        float[] found = otherDecoder.step(tokens, parents, columns);
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
    assertSameLogits(RandomModels.inputScaled(folder.resolve("input.bcq"), 3), source, 30);
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
      for (String kernels : List.of("scalar", provider().id())) {
        TranslatorOptions options = new TranslatorOptions(kernels, arithmetic);
        try (Translator translator = Translator.of(file, options)) {
          for (int threads = 1; threads <= 3; threads++) {
            Translation found =
                translator
                    .translateAll(
                        List.of("Where is the station?"),
                        TranslationOptions.DEFAULT,
                        BatchOptions.DEFAULT.withThreads(threads))
                    .get(0);
            assertTrue(found.best().text().contains("Bahnhof"), found.best().text());
            expected = expected == null ? found : expected;
            assertEquals(expected, found, kernels + " on " + threads + " threads");
          }
        }
      }
    }
  }

  @Test
  void sentencesTranslatedTogetherHaveTheBitsOfScalarOnesAlone() {
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
        try (Translator other =
            Translator.of(file, new TranslatorOptions(provider().id(), arithmetic))) {
          assertEquals(expected, other.translateAllIds(sources, options, BatchOptions.DEFAULT));
        }
      }
    }
  }
}
