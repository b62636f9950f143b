package dev.bcq.converter.calibrate;

import dev.bcq.console.CommandException;
import dev.bcq.console.Progress;
import dev.bcq.format.BcqFile;
import dev.bcq.format.TransformerConfig;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.LanguageChoice;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.decoding.DecodingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Calibrates a float model with text. */
public final class Calibrator {
  private final BcqFile file;
  private final CalibrationText text;
  private final Workers workers;
  private final int limit;
  private final List<CalibrationSample> samples;

  /**
   * Reads the text, and translates it where it has no targets.
   *
   * @param file the model, all of its matrices float32
   * @param workers threads that compute; nothing depends on their number
   * @throws CommandException if the model has no tokenizer, or too few sentences are usable
   */
  public Calibrator(BcqFile file, CalibrationText text, Workers workers) {
    this.file = file;
    this.text = text;
    this.workers = workers;
    this.limit = Math.min(file.directory().config().positions().limit(), Translator.MOST_TOKENS);
    if (file.tokenizer() == null) {
      throw new CommandException(
          "the checkpoint has no tokenizer, which --calibrate needs to read text");
    }
    this.samples = samples();
    if (samples.size() < CalibrationRun.FEWEST_SENTENCES) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "%d of %d calibration sentences are neither empty nor longer than the model's %d tokens; expected %d at least, better some hundreds",
              samples.size(),
              text.sources().size(),
              limit,
              CalibrationRun.FEWEST_SENTENCES));
    }
  }

  /** Runs the model on all sentences and returns what its matrices have read. */
  public Calibration run() {
    CalibrationRun run = new CalibrationRun(file, workers);
    run.run(samples);
    return new Calibration(
        text.name(),
        run.moments(),
        samples.size(),
        text.sources().size() - samples.size(),
        run.crossEntropy());
  }

  /** Returns how often the sentences use each token. */
  public TokenUse tokenUse() {
    TransformerConfig config = file.directory().config();
    return TokenUse.of(samples, config.sourceVocabulary(), config.targetVocabulary());
  }

  /** Returns what measures losses on the sentences that are held out. */
  public LossMeter lossMeter() {
    List<CalibrationSample> heldOut = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (CalibrationRun.isHeldOut(i)) {
        heldOut.add(samples.get(i));
      }
    }
    return new LossMeter(file, heldOut, workers);
  }

  private List<CalibrationSample> samples() {
    TranslationOptions options =
        LanguageChoice.complete(file.directory(), TranslationOptions.DEFAULT);
    try (Translator translator = Translator.of(file, TranslatorOptions.DEFAULT)) {
      List<int[]> sources = new ArrayList<>();
      List<int[]> targets = new ArrayList<>();
      for (int i = 0; i < text.sources().size(); i++) {
        int[] source = translator.sourceIds(text.sources().get(i), options);
        int[] target =
            text.targets() == null
                ? new int[0]
                : translator.targetIds(text.targets().get(i), options);
        if (source.length > 0 && source.length <= limit && target.length <= limit) {
          sources.add(source);
          targets.add(target);
        }
      }
      if (text.targets() == null) {
        targets = translations(translator, sources);
      }
      List<CalibrationSample> all = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        all.add(new CalibrationSample(sources.get(i), startToken(sources.get(i)), targets.get(i)));
      }
      return all;
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
              .withThreads(workers.count())
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
