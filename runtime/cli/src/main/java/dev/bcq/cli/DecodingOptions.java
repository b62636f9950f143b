package dev.bcq.cli;

import dev.bcq.console.Usage;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.TranslationOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How targets are searched. What is not given comes from the model file. */
final class DecodingOptions {
  private static final int MOST_BEAMS = 1024;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--beam",
      paramLabel = "N",
      description = "Beam size; 1 is greedy search (default: 4).")
  private @Nullable Integer beam;

  @Option(
      names = "--length-penalty",
      paramLabel = "X",
      description = "Exponent of the length that divides scores (default: 1).")
  private @Nullable Float lengthPenalty;

  @Option(
      names = "--early-stopping",
      paramLabel = "true|false|never|first",
      description = "When a full beam ends the search (default: false).")
  private @Nullable EarlyStopping earlyStopping;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Above 1, repeated tokens are less likely (default: 1).")
  private @Nullable Float repetitionPenalty;

  @Option(
      names = "--no-repeat-ngram",
      paramLabel = "N",
      description = "No N-gram twice; 0 is off (default: 0).")
  private @Nullable Integer noRepeatNgram;

  @Option(
      names = "--min-tokens",
      paramLabel = "N",
      description = "Fewest target tokens (default: 0).")
  private @Nullable Integer minTokens;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most target tokens (default: 2 x source + 32).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--max-tokens-per-source",
      paramLabel = "X",
      description = "As many more than --max-tokens for each source token.")
  private @Nullable Double maxTokensPerSource;

  @Mixin private final TokenOptions tokens = new TokenOptions();

  @Option(
      names = "--source-language",
      paramLabel = "NAME",
      description = "Language of the sources, for a model with a choice: de_DE, deu_Latn, de.")
  private @Nullable String sourceLanguage;

  @Option(
      names = "--target-language",
      paramLabel = "NAME",
      description = "Language to translate into, for a model with a choice.")
  private @Nullable String targetLanguage;

  @Option(names = "--task", paramLabel = "NAME", description = "Task that the model describes.")
  private @Nullable String task;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Text in front of every source; '' switches a stored one off.")
  private @Nullable String prefix;

  /**
   * Returns the options.
   *
   * @param nbest most hypotheses, or null for what the model says
   * @throws ParameterException if one is wrong whatever the model
   */
  TranslationOptions options(@Nullable Integer nbest) {
    Usage.require(
        command, task == null || prefix == null, "give either --task or --prefix, not both");
    Usage.range(command, "--beam", beam, 1, MOST_BEAMS);
    Usage.range(command, "--nbest", nbest, 1, MOST_BEAMS);
    Usage.require(
        command,
        nbest == null || beam == null || nbest <= beam,
        "--nbest is " + nbest + "; expected at most the beam size, which is " + beam);
    Usage.range(command, "--no-repeat-ngram", noRepeatNgram, 0, Integer.MAX_VALUE);
    Usage.range(command, "--min-tokens", minTokens, 0, Integer.MAX_VALUE);
    Usage.range(command, "--max-tokens", maxTokens, 1, Integer.MAX_VALUE);
    Usage.require(
        command,
        maxTokensPerSource == null
            || (maxTokensPerSource >= 0 && Double.isFinite(maxTokensPerSource)),
        "--max-tokens-per-source is " + maxTokensPerSource + "; expected a number from 0");
    Usage.require(
        command,
        lengthPenalty == null || Float.isFinite(lengthPenalty),
        "--length-penalty is " + lengthPenalty + "; expected a finite number");
    Usage.require(
        command,
        repetitionPenalty == null || (repetitionPenalty > 0 && Float.isFinite(repetitionPenalty)),
        "--repetition-penalty is " + repetitionPenalty + "; expected a number above 0");
    return new TranslationOptions(
        task,
        tokens
            .addTo(GenerationSettings.builder())
            .prefix(prefix)
            .beams(beam)
            .nBest(nbest)
            .lengthPenalty(lengthPenalty)
            .earlyStopping(earlyStopping)
            .repetitionPenalty(repetitionPenalty)
            .noRepeatNgram(noRepeatNgram)
            .minTokens(minTokens)
            .maxTokens(maxTokens)
            .maxTokensPerSource(maxTokensPerSource)
            .build(),
        sourceLanguage,
        targetLanguage);
  }
}
