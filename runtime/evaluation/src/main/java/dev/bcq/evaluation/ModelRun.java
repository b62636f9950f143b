package dev.bcq.evaluation;

import dev.bcq.console.CommandException;
import dev.bcq.runtime.BatchListener;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.TargetScore;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationException;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Scores the references of sentence pairs with a model, and translates their sources.
 *
 * @param translator the model
 * @param options how it searches
 * @param batch how much is computed at a time; its listener hears of translations
 */
public record ModelRun(Translator translator, TranslationOptions options, BatchOptions batch) {
  /**
   * Pairs are taken together for this many rounds of all threads, so that few wait for the last.
   */
  private static final int ROUNDS = 16;

  /**
   * Scores and translates.
   *
   * @param translate whether translations are wanted
   * @param done is run for each pair when all of it is done, by any thread, one at a time
   * @throws CommandException if a source or a reference is too long for the model, or the thread is
   *     interrupted
   * @throws TranslationException if the model has no tokenizer, or the options do not fit it
   */
  public ModelOutput evaluate(SentencePairs pairs, boolean translate, Runnable done) {
    List<int[]> sources =
        pairs.sources().stream().map(text -> translator.sourceIds(text, options)).toList();
    List<String> hypotheses = new ArrayList<>();
    List<TargetScore> scores = new ArrayList<>();
    int together = batch.segments() * batch.threads() * ROUNDS;
    ExecutorService workers = Executors.newFixedThreadPool(batch.threads());
    try {
      for (int from = 0; from < pairs.size(); from += together) {
        int to = Math.min(from + together, pairs.size());
        scores.addAll(scores(workers, sources, pairs.references(), from, to));
        if (translate) {
          translations(sources.subList(from, to), done)
              .forEach(translation -> hypotheses.add(translation.best().text()));
        } else {
          sources.subList(from, to).forEach(source -> done.run());
        }
      }
    } finally {
      workers.shutdownNow();
    }
    return new ModelOutput(hypotheses, scores);
  }

  private List<Translation> translations(List<int[]> sources, Runnable done) {
    BatchListener listener = batch.listener();
    BatchListener both =
        (segment, translation, finished, total) -> {
          done.run();
          if (listener != null) {
            listener.translated(segment, translation, finished, total);
          }
        };
    List<Translation> translations =
        translator.translateAllIds(sources, options, batch.withListener(both));
    // Listeners do not hear of empty sources.
    sources.stream().filter(source -> source.length == 0).forEach(source -> done.run());
    return translations;
  }

  private List<TargetScore> scores(
      ExecutorService workers, List<int[]> sources, List<String> references, int from, int to) {
    List<Future<TargetScore>> futures = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int[] source = sources.get(i);
      String reference = references.get(i);
      futures.add(workers.submit(() -> score(source, reference)));
    }
    List<TargetScore> scores = new ArrayList<>();
    for (Future<TargetScore> future : futures) {
      scores.add(result(future, from + scores.size() + 1));
    }
    return scores;
  }

  private TargetScore score(int[] source, String reference) {
    return source.length == 0
        ? new TargetScore(List.of(), List.of(), 0)
        : translator.score(source, translator.targetIds(reference, options), options);
  }

  private static TargetScore result(Future<TargetScore> future, int number) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TranslationException tooLong) {
        throw new CommandException("sentence " + number + ": " + tooLong.getMessage(), tooLong);
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }
}
