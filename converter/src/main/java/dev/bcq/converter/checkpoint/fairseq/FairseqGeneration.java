package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import java.util.List;

/**
 * The decoding options of fairseq's {@code SequenceGenerator}, those of {@code fairseq-generate}
 * where the checkpoint has none.
 */
final class FairseqGeneration {
  private static final String PREFIX = FairseqSettings.GENERATION;

  /** Options that change what is found, of which only the neutral value can be computed. */
  private static final List<String> REFUSED =
      List.of("sampling", "match_source_len", "constraints", "lm_path", "prefix_size", "unkpen");

  private FairseqGeneration() {}

  static GenerationSettings read(FairseqSettings settings) {
    REFUSED.forEach(key -> settings.refuse(PREFIX + key));
    if (settings.number(PREFIX + "temperature", 1) != 1) {
      throw settings.wrong(PREFIX + "temperature", "1");
    }
    if (settings.integer(PREFIX + "diverse_beam_groups", -1) > 0) {
      throw settings.wrong(PREFIX + "diverse_beam_groups", "-1, which is none");
    }
    int beams = settings.size(PREFIX + "beam", 5);
    boolean unnormalized = settings.flag(PREFIX + "unnormalized");
    return GenerationSettings.builder()
        .beams(beams)
        .nBest(Math.min(beams, settings.size(PREFIX + "nbest", 1)))
        .lengthPenalty(unnormalized ? 0f : (float) settings.number(PREFIX + "lenpen", 1))
        .earlyStopping(EarlyStopping.FIRST)
        .noRepeatNgram((int) settings.integer(PREFIX + "no_repeat_ngram_size", 0))
        .minTokens((int) settings.integer(PREFIX + "min_len", 1))
        // Behind as many tokens as the options allow, fairseq puts the end token.
        .maxTokens((int) settings.integer(PREFIX + "max_len_b", 200) + 1)
        .maxTokensPerSource(settings.number(PREFIX + "max_len_a", 0))
        .startToken(FairseqVocabulary.END)
        .endTokens(List.of(FairseqVocabulary.END))
        .forcedLastTokens(List.of(FairseqVocabulary.END))
        .blockedTokens(List.of(FairseqVocabulary.PADDING))
        .build();
  }
}
