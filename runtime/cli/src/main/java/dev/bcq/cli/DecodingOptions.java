package dev.bcq.cli;

import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.TranslationOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How targets are searched. What is not given comes from the model file. */
final class DecodingOptions {

  @Option(
      names = "--beam",
      paramLabel = "N",
      description = "Beam size; 1 is greedy search (default: 4).")
  private @Nullable Integer beam;

  @Option(
      names = "--nbest",
      paramLabel = "N",
      description = "Translations per segment (default: 1).")
  private @Nullable Integer nbest;

  @Option(
      names = "--length-penalty",
      paramLabel = "X",
      description = "Exponent of the length that divides scores (default: 1).")
  private @Nullable Float lengthPenalty;

  @Option(
      names = "--early-stopping",
      paramLabel = "true|false|never",
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

  @Option(names = "--task", paramLabel = "NAME", description = "Task that the model describes.")
  private @Nullable String task;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Text in front of every source; '' switches a stored one off.")
  private @Nullable String prefix;

  TranslationOptions options() {
    return new TranslationOptions(
        task,
        GenerationSettings.builder()
            .prefix(prefix)
            .beams(beam)
            .nBest(nbest)
            .lengthPenalty(lengthPenalty)
            .earlyStopping(earlyStopping)
            .repetitionPenalty(repetitionPenalty)
            .noRepeatNgram(noRepeatNgram)
            .minTokens(minTokens)
            .maxTokens(maxTokens)
            .build());
  }

  boolean hasTaskAndPrefix() {
    return task != null && prefix != null;
  }
}
