package dev.bcq.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.RandomModels;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import dev.bcq.runtime.kernels.WarmingKernels;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.SentenceDecoder;
import dev.bcq.runtime.model.Transformer;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scalar kernels that Vector ones take the place of. */
class WarmingUpTest {

  @TempDir Path folder;

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
