package dev.bcq.runtime;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.GoldenSample;
import dev.bcq.format.MatrixEntry;
import dev.bcq.runtime.Translation.TargetText;
import dev.bcq.runtime.kernels.Arithmetic;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The translations that a file must give: exact arithmetic, scalar kernels, beam 4, one hypothesis
 * of at most {@code 2 * source + 32} tokens, in the first language where one has to be named,
 * everything else as the file says.
 */
public final class GoldenSamples {
  /** What samples are made and checked with. */
  public static final TranslatorOptions OPTIONS = new TranslatorOptions("scalar", Arithmetic.EXACT);

  /**
   * Largest difference of scores in files with dense float32 matrices, whose sums may be rounded
   * differently.
   */
  public static final float FLOAT_TOLERANCE = 1e-4f;

  private static final int BEAMS = 4;

  private GoldenSamples() {}

  /**
   * What a sample gave.
   *
   * @param expected the sample
   * @param found the translation
   * @param same whether ids and score are as expected
   */
  public record Result(GoldenSample expected, TargetText found, boolean same) {}

  /** Returns the translation of a source as samples are made. */
  public static TargetText translate(Translator translator, int[] sourceIds) {
    int positions =
        Math.min(translator.directory().config().positions().limit(), Translator.MOST_TOKENS);
    GenerationSettings settings =
        GenerationSettings.builder()
            .beams(BEAMS)
            .nBest(1)
            .maxTokens(Math.min(2 * sourceIds.length + 32, positions))
            .build();
    TranslationOptions options =
        LanguageChoice.complete(translator.directory(), TranslationOptions.of(settings));
    return translator.translate(sourceIds, options).best();
  }

  /** Translates the samples of a file. */
  public static List<Result> check(BcqFile file) {
    boolean dense =
        file.directory().matrices().stream()
            .anyMatch(matrix -> matrix.storage() instanceof MatrixEntry.Float32);
    try (Translator translator = Translator.of(file, OPTIONS)) {
      return file.directory().samples().stream()
          .map(sample -> check(translator, sample, dense))
          .collect(Collectors.toList());
    }
  }

  private static Result check(Translator translator, GoldenSample sample, boolean dense) {
    int[] ids = sample.sourceIds().stream().mapToInt(Integer::intValue).toArray();
    TargetText found = translate(translator, ids);
    boolean sameScore =
        dense
            ? Math.abs(found.score() - sample.score()) <= FLOAT_TOLERANCE
            : Float.floatToIntBits(found.score()) == Float.floatToIntBits(sample.score());
    return new Result(sample, found, sameScore && found.ids().equals(sample.targetIds()));
  }
}
