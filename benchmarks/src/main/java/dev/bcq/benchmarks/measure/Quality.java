package dev.bcq.benchmarks.measure;

import dev.bcq.console.Progress;
import dev.bcq.evaluation.Bleu;
import dev.bcq.evaluation.SentencePairs;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** How well combinations translate: BLEU of the same sentences for all. */
final class Quality {

  /** What a translation depends on: kernels and threads do not change its bits. */
  private record Decoder(BenchModel model, Arithmetic arithmetic, int beam) {
    static Decoder of(Subject subject) {
      Combination combination = subject.combination();
      return new Decoder(combination.model(), combination.arithmetic(), combination.beam());
    }
  }

  private Quality() {}

  /**
   * Checks that all models can read the sources, which is better known before a long measurement
   * than after it.
   *
   * @throws dev.bcq.console.CommandException if one cannot
   */
  static void check(List<Subject> subjects, SentencePairs pairs) {
    subjects.stream()
        .map(subject -> subject.combination().model())
        .distinct()
        .forEach(model -> Workload.encode(model.file(), pairs.sources(), "--pairs"));
  }

  /** Translates the pairs once for those that translate alike, by the kernels of the first. */
  static void measure(List<Subject> subjects, SentencePairs pairs) {
    Collection<List<Subject>> groups =
        subjects.stream()
            .collect(Collectors.groupingBy(Decoder::of, LinkedHashMap::new, Collectors.toList()))
            .values();
    long sentences = (long) pairs.size() * groups.size();
    try (Progress progress = Progress.of("translating for BLEU", sentences, " sentences", 1)) {
      for (List<Subject> alike : groups) {
        double bleu = bleu(alike.get(0).combination(), pairs, progress);
        alike.forEach(subject -> subject.bleu(bleu));
      }
    }
  }

  private static double bleu(Combination combination, SentencePairs pairs, Progress progress) {
    TranslatorOptions kernels =
        new TranslatorOptions(combination.kernels(), combination.arithmetic());
    TranslationOptions options =
        TranslationOptions.of(
            GenerationSettings.builder().beams(combination.beam()).nBest(1).build());
    BatchOptions batch =
        BatchOptions.DEFAULT
            .withThreads(Runtime.getRuntime().availableProcessors())
            .withListener((segment, translation, done, total) -> progress.add(1));
    try (Translator translator = Translator.of(combination.model().file(), kernels)) {
      List<String> hypotheses =
          translator.translateAll(pairs.sources(), options, batch).stream()
              .map(translation -> translation.best().text())
              .toList();
      return Bleu.DEFAULT.statistics(hypotheses, pairs.references()).score();
    }
  }
}
