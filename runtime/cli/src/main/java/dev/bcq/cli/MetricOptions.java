package dev.bcq.cli;

import dev.bcq.console.Usage;
import dev.bcq.evaluation.Bleu;
import dev.bcq.evaluation.BleuTokenizer;
import dev.bcq.evaluation.Chrf;
import dev.bcq.evaluation.PairedBootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How translations are compared with references, and systems with each other. */
final class MetricOptions {
  private static final int MOST_WORDS = 2;
  private static final int MOST_RESAMPLES = 1_000_000;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--tokenize",
      paramLabel = "13a|intl|char|none",
      description = "Tokenizer of BLEU, as in sacreBLEU (default: 13a).")
  private BleuTokenizer tokenizer = BleuTokenizer.MTEVAL_13A;

  @Option(names = "--lowercase", description = "Let case count for nothing, in BLEU and chrF.")
  private boolean lowercase;

  @Option(
      names = "--chrf-word-order",
      paramLabel = "N",
      description = "N-grams of words in chrF; 2 is chrF++ (default: 0).")
  private int wordOrder;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      description = "Resamples of the paired bootstrap; 0: none (default: 1000).")
  private int resamples = PairedBootstrap.DEFAULT.resamples();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the paired bootstrap (default: 12345).")
  private long seed = PairedBootstrap.DEFAULT.seed();

  /**
   * Checks the options.
   *
   * @throws ParameterException if a number is out of range
   */
  void check() {
    Usage.range(command, "--chrf-word-order", wordOrder, 0, MOST_WORDS);
    Usage.range(command, "--resamples", resamples, 0, MOST_RESAMPLES);
  }

  Bleu bleu() {
    return new Bleu(tokenizer, lowercase);
  }

  Chrf chrf() {
    return new Chrf(wordOrder, lowercase);
  }

  /** Returns the bootstrap, or null if there is to be none. */
  @Nullable PairedBootstrap bootstrap() {
    return resamples == 0 ? null : new PairedBootstrap(resamples, seed);
  }
}
