package dev.bcq.converter.checkpoint.marian;

import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The options of {@code marian-decoder}, as {@code decoder.yml} or its defaults have them. */
final class MarianGeneration {
  /** Options that change what is found, with the one value that can be computed. */
  private static final Map<String, String[]> ONLY =
      new TreeMap<>(
          Map.of(
              "word-penalty", new String[] {"0"},
              "force-decode", new String[] {"false"},
              "output-sampling", new String[] {"", "false"},
              "factors-combine", new String[] {"sum"},
              "no-spm-decode", new String[] {"false"}));

  /** Options of speed, memory and output. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "alignment",
          "allow-special",
          "cpu-threads",
          "devices",
          "gemm-precision",
          "log",
          "log-level",
          "max-length",
          "max-length-crop",
          "maxi-batch",
          "maxi-batch-sort",
          "mini-batch",
          "mini-batch-words",
          "models",
          "n-best",
          "no-spm-encode",
          "num-devices",
          "optimize",
          "port",
          "precision",
          "quiet",
          "quiet-translation",
          "relative-paths",
          "shortlist",
          "skip-cost",
          "vocabs",
          "weights",
          "workspace");

  private MarianGeneration() {}

  /**
   * Returns the defaults of decoding.
   *
   * @param end id of the end token
   * @param unknown id of the unknown token
   * @param start token whose embedding is zero
   */
  static GenerationSettings read(MarianSettings settings, int end, int unknown, int start) {
    ONLY.forEach(settings::only);
    settings.ignore(NEUTRAL);
    double factor = settings.number("max-length-factor", 3);
    if (!(factor > 0)) {
      throw settings.wrong("max-length-factor", "above 0");
    }
    boolean unknowns = settings.flag("allow-unk");
    return GenerationSettings.builder()
        .beams(settings.size("beam-size", 12))
        .nBest(1)
        .lengthPenalty((float) settings.number("normalize", 0))
        .earlyStopping(EarlyStopping.FIRST)
        .maxTokens(0)
        .maxTokensPerSource(factor)
        .startToken(start)
        .endTokens(List.of(end))
        .blockedTokens(List.of(start))
        .suppressedTokens(unknowns ? List.of() : List.of(unknown))
        .build();
  }
}
