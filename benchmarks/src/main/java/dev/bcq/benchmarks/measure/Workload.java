package dev.bcq.benchmarks.measure;

import dev.bcq.console.CommandException;
import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TokenizerModel;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.decoding.DecodingParameters;
import dev.bcq.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is translated.
 *
 * @param lines texts, or empty for sources of made-up tokens
 * @param sourceTokens tokens of a made-up source
 * @param targetTokens exact number of tokens that are generated; null = as many as the model does
 * @param noRepeatNgram size of n-grams that do not occur twice, 0 = any may; null = the model's
 */
public record Workload(
    List<String> lines,
    int sourceTokens,
    @Nullable Integer targetTokens,
    @Nullable Integer noRepeatNgram) {

  /**
   * Returns the sources as a model reads them.
   *
   * @throws CommandException if the model cannot read them
   */
  List<int[]> sources(BcqFile file) {
    return lines.isEmpty()
        ? List.of(madeUp(file.directory(), sourceTokens))
        : encode(file, lines, "--input");
  }

  /**
   * Returns lines as a model reads them.
   *
   * @param option where the lines come from, for messages
   * @throws CommandException if the model cannot read them
   */
  static List<int[]> encode(BcqFile file, List<String> lines, String option) {
    TokenizerModel model = file.tokenizer();
    if (model == null) {
      throw new CommandException("a model without tokenizer cannot read the lines of " + option);
    }
    Tokenizer tokenizer = new Tokenizer(model);
    String prefix = file.directory().generation().prefix();
    int limit = limit(file.directory());
    List<int[]> sources = new ArrayList<>();
    for (String line : lines) {
      int[] ids = tokenizer.encode(prefix == null ? line : prefix + line);
      if (ids.length > limit) {
        throw new CommandException(
            String.format(
                Locale.ROOT,
                "a line of %s has %d tokens; the model takes at most %d",
                option,
                ids.length,
                limit));
      }
      sources.add(ids);
    }
    return sources;
  }

  /** Returns tokens that are spread over the vocabulary, the end token last. */
  static int[] madeUp(BcqDirectory directory, int count) {
    int limit = limit(directory);
    if (count > limit) {
      throw new CommandException(
          String.format(
              Locale.ROOT, "--source-tokens is %d; the model takes at most %d", count, limit));
    }
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (int) ((i * 7919L + 13) % directory.config().sourceVocabulary());
    }
    List<Integer> ends = directory.generation().endTokens();
    if (ends != null && !ends.isEmpty() && ends.get(0) < directory.config().sourceVocabulary()) {
      ids[count - 1] = ends.get(0);
    }
    return ids;
  }

  /** Returns how a source is searched for its target. */
  DecodingParameters parameters(BcqDirectory directory, int sourceLength, int beam) {
    GenerationSettings settings =
        GenerationSettings.builder()
            .beams(beam)
            .nBest(1)
            .minTokens(targetTokens)
            .maxTokens(targetTokens)
            .noRepeatNgram(noRepeatNgram)
            .build()
            .orElse(directory.generation());
    return DecodingParameters.of(
        settings, sourceLength, limit(directory), directory.config().targetVocabulary());
  }

  private static int limit(BcqDirectory directory) {
    return Math.min(directory.config().positions().limit(), Translator.MOST_TOKENS);
  }
}
