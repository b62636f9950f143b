package dev.bcq.benchmarks.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticModelTest {
  private static final int TOKENS = 24;
  private static final List<String> BITS = List.of("32", "int8", "1", "2", "3", "4", "8", "2.6");

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return SmallShapes.all().stream()
        .flatMap(shape -> BITS.stream().map(bits -> Arguments.of(shape, Precision.parse(bits))));
  }

  private Path write(ModelShape shape, Precision precision, long seed) {
    Path file = folder.resolve(shape.name() + "-" + precision.label() + "-" + seed + ".bcq");
    SyntheticModel.write(file, shape, precision, seed);
    return file;
  }

  private static List<Translation.TargetText> translate(Path file, String kernels, int beam) {
    GenerationSettings settings =
        GenerationSettings.builder().beams(beam).minTokens(TOKENS).maxTokens(TOKENS).build();
    try (Translator translator =
        Translator.open(file, new TranslatorOptions(kernels, Arithmetic.FAST))) {
      return translator
          .translate(new int[] {5, 250, 7, 99, 131, 1}, TranslationOptions.of(settings))
          .hypotheses();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachOpensAndItsChecksumsHold(ModelShape shape, Precision precision) {
    BcqFile file = BcqFile.open(write(shape, precision, 1));
    file.verifyChecksums();
    assertEquals(shape.config(), file.directory().config());
  }

  @ParameterizedTest
  @MethodSource("models")
  void allKernelsTranslateAlike(ModelShape shape, Precision precision) {
    Path file = write(shape, precision, 1);
    List<String> available = new ArrayList<>(List.of("scalar"));
    available.add(KernelRegistry.load().choose(KernelRegistry.AUTO).id());
    available.add("vector");
    for (int beam : new int[] {1, 4}) {
      List<Translation.TargetText> expected = translate(file, "scalar", beam);
      for (String kernels : available) {
        List<Translation.TargetText> found = translate(file, kernels, beam);
        assertEquals(expected.get(0).ids(), found.get(0).ids(), kernels);
        if (!(precision instanceof Precision.Float32)) {
          assertEquals(expected, found, kernels);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void scoresAreFinite(ModelShape shape, Precision precision) {
    Translation.TargetText best = translate(write(shape, precision, 1), "scalar", 1).get(0);
    assertTrue(Float.isFinite(best.score()), best.toString());
    assertEquals(TOKENS, best.ids().size());
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSameSeedGivesTheSameBytesAndAnotherOneOthers(ModelShape shape, Precision precision)
      throws IOException {
    Path first = write(shape, precision, 1);
    byte[] bytes = Files.readAllBytes(first);
    write(shape, precision, 1);
    assertEquals(-1, Files.mismatch(first, Files.write(folder.resolve("former"), bytes)));
    assertFalse(Files.mismatch(first, write(shape, precision, 2)) == -1);
  }

  @Test
  void aFileTakesTheBitsOfItsWeights() throws IOException {
    for (ModelShape shape : SmallShapes.all()) {
      for (int planes : new int[] {1, 2, 3, 4}) {
        long smaller = Files.size(write(shape, new Precision.Planes(planes), 1));
        long larger = Files.size(write(shape, new Precision.Planes(planes + 1), 1));
        // Of each further plane: a bit for each weight and a scale of 16 bits for each row, in
        // tiles of 16 rows, blocks at multiples of 64 bytes.
        long expected = 0;
        int blocks = 0;
        for (MatrixEntry matrix :
            BcqFile.open(write(shape, new Precision.Planes(planes), 1)).directory().matrices()) {
          long rows = (matrix.rows() + 15L) / 16 * 16;
          expected += rows * matrix.cols() / 8 + rows * 2;
          blocks += 2;
        }
        assertTrue(
            Math.abs(larger - smaller - expected) <= 64L * blocks, larger - smaller + " bytes");
      }
    }
  }

  @Test
  void theSizesAreThoseThatAreClaimed() throws IOException {
    ModelShape t5 = ModelShape.named("t5-small");
    assertTrue(Files.size(write(t5, Precision.parse("3"), 1)) < 24_000_000);
    ModelShape base = ModelShape.named("transformer-base");
    Path mixed = write(base, Precision.parse("2.6"), 1);
    long weights =
        BcqFile.open(mixed).directory().matrices().stream()
            .mapToLong(matrix -> (long) matrix.rows() * matrix.cols())
            .sum();
    assertEquals(62_984_192, weights);
    assertTrue(4.0 * weights / Files.size(mixed) > 11.8);
  }
}
