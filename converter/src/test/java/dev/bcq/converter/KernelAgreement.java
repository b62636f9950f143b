package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.format.BcqFile;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelProvider;
import java.nio.file.Path;
import java.util.List;

/** All kernel providers find the same, scores included, in every arithmetic. */
public final class KernelAgreement {

  private KernelAgreement() {}

  /** Checks the translations of sources. */
  public static void assertSame(Path model, List<int[]> sources) {
    BcqFile file = BcqFile.open(model);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      List<Translation> expected = translate(file, "scalar", arithmetic, sources);
      for (KernelProvider provider : Providers.available()) {
        assertEquals(
            expected,
            translate(file, provider.id(), arithmetic, sources),
            () -> provider.id() + ", " + arithmetic);
      }
    }
  }

  private static List<Translation> translate(
      BcqFile file, String kernels, Arithmetic arithmetic, List<int[]> sources) {
    try (Translator translator = Translator.of(file, new TranslatorOptions(kernels, arithmetic))) {
      return sources.stream()
          .map(source -> translator.translate(source, TranslationOptions.DEFAULT))
          .toList();
    }
  }
}
