package dev.bcq.converter.calibrate;

import dev.bcq.console.Progress;
import dev.bcq.format.BcqFile;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.decoding.DecodingParameters;
import java.util.ArrayList;
import java.util.List;

/** Calibrates a float model with text. */
public final class Calibrator {
  private final BcqFile file;
  private final int threads;
  private final int limit;

  /**
   * Prepares.
   *
   * @param file the model, all of its matrices float32
   * @param threads threads that compute; the result does not depend on them
   * @throws CalibrationException if the model has no tokenizer
   */
  public Calibrator(BcqFile file, int threads) {
    this.file = file;
    this.threads = threads;
    this.limit = Math.min(file.directory().config().positions().limit(), Translator.MOST_TOKENS);
    if (file.tokenizer() == null) {
      throw new CalibrationException(
          "the checkpoint has no tokenizer, which --calibrate needs to read text");
    }
  }

  /**
   * Runs the model on all sentences, the decoder on their targets, or on its own translations where
   * there are none.
   *
   * @throws CalibrationException if too few sentences are usable
   */
  public Calibration run(CalibrationText text) {
    List<CalibrationSample> samples = samples(text);
    if (samples.size() < CalibrationRun.FEWEST_SENTENCES) {
      throw new CalibrationException(
          "%d of %d calibration sentences are neither empty nor longer than the model's %d tokens; expected %d at least, better some hundreds"
              .formatted(
                  samples.size(), text.sources().size(), limit, CalibrationRun.FEWEST_SENTENCES));
    }
    CalibrationRun run = new CalibrationRun(file, threads);
    run.run(samples);
    return new Calibration(
        text.name(),
        run.moments(),
        samples.size(),
        text.sources().size() - samples.size(),
        run.crossEntropy());
  }

  private List<CalibrationSample> samples(CalibrationText text) {
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      List<int[]> sources = new ArrayList<>();
      List<int[]> targets = new ArrayList<>();
      for (int i = 0; i < text.sources().size(); i++) {
        int[] source = translator.sourceIds(text.sources().get(i), TranslationOptions.DEFAULT);
        int[] target =
            text.targets() == null ? new int[0] : translator.targetIds(text.targets().get(i));
        if (source.length > 0 && source.length <= limit && target.length <= limit) {
          sources.add(source);
          targets.add(target);
        }
      }
      if (text.targets() == null) {
        targets = translations(translator, sources);
      }
      List<CalibrationSample> samples = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        samples.add(
            new CalibrationSample(sources.get(i), startToken(sources.get(i)), targets.get(i)));
      }
      return samples;
    }
  }

  private int startToken(int[] source) {
    TransformerConfig config = file.directory().config();
    return DecodingParameters.of(
            file.directory().generation(), source.length, limit, config.targetVocabulary())
        .startToken();
  }

  private List<int[]> translations(Translator translator, List<int[]> sources) {
    try (Progress progress = Progress.of("translating", sources.size(), " sentences", 1)) {
      BatchOptions batch =
          BatchOptions.DEFAULT
              .withThreads(threads)
              .withListener((segment, translation, done, total) -> progress.add(1));
      List<int[]> targets = new ArrayList<>();
      for (Translation translation :
          translator.translateAllIds(sources, TranslationOptions.DEFAULT, batch)) {
        targets.add(translation.best().ids().stream().mapToInt(Integer::intValue).toArray());
      }
      return targets;
    }
  }
}
