package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many threads translate, cancel, open and close the same translators. {@code
 * -Dbcq.stress.seconds=600} makes it long.
 */
class StressTest {
  private static final int THREADS = 64;
  private static final int TRANSLATORS = 4;
  private static final TranslatorOptions OPTIONS = TranslatorOptions.DEFAULT.withKernels("scalar");

  private static final TranslationOptions BEAMS =
      TranslationOptions.of(GenerationSettings.builder().beams(3).maxTokens(16).build());

  @TempDir Path folder;

  private final List<int[]> sources = new ArrayList<>();
  private final AtomicReferenceArray<Translator> translators =
      new AtomicReferenceArray<>(TRANSLATORS);
  private final AtomicLong translated = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  @Test
  void everyCallGivesTheSameIsCancelledOrRefused() throws Exception {
    Path file = folder.resolve("m.bcq");
    RandomModels.marian(file, 3);
    Random random = new Random(5);
    for (int i = 0; i < 8; i++) {
      sources.add(random.ints(1 + random.nextInt(30), 2, RandomModels.VOCABULARY).toArray());
    }
    List<Translation> expected;
    try (Translator translator = Translator.open(file, OPTIONS)) {
      expected = translator.translateAllIds(sources, BEAMS, BatchOptions.DEFAULT);
    }
    for (int i = 0; i < TRANSLATORS; i++) {
      translators.set(i, Translator.open(file, OPTIONS));
    }
    int seconds = Integer.getInteger("bcq.stress.seconds", 8);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long seed = i;
      running.add(threads.submit(() -> work(new Random(seed), file, expected, end)));
    }
    for (Future<?> future : running) {
      future.get();
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    for (int i = 0; i < TRANSLATORS; i++) {
      assertEquals(
          expected, translators.get(i).translateAllIds(sources, BEAMS, BatchOptions.DEFAULT));
      translators.get(i).close();
    }
    BatchTest.assertNoThreadIsLeft();
    assertTrue(translated.get() > 0 && cancelled.get() > 0, translated + ", " + cancelled);
    System.out.printf(
        "%d calls translated, %d were cancelled, %d refused%n",
        translated.get(), cancelled.get(), refused.get());
  }

  private void work(Random random, Path file, List<Translation> expected, long end) {
    while (System.nanoTime() < end) {
      int place = random.nextInt(TRANSLATORS);
      if (random.nextInt(20) == 0) {
        Translator former = translators.getAndSet(place, Translator.open(file, OPTIONS));
        former.close();
        continue;
      }
      Cancellation handle = new Cancellation();
      BatchOptions batch =
          BatchOptions.DEFAULT
              .withSegments(1 + random.nextInt(8))
              .withThreads(1 + random.nextInt(3))
              .withCancellation(handle)
              .withListener(
                  random.nextInt(3) == 0
                      ? (segment, translation, done, total) -> handle.cancel()
                      : (segment, translation, done, total) ->
                          assertEquals(expected.get(segment), translation));
      if (random.nextInt(10) == 0) {
        Thread.currentThread().interrupt();
      }
      try {
        assertEquals(expected, translators.get(place).translateAllIds(sources, BEAMS, batch));
        translated.incrementAndGet();
      } catch (CancellationException e) {
        cancelled.incrementAndGet();
      } catch (IllegalStateException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("closed"), e.getMessage());
        refused.incrementAndGet();
      }
      Thread.interrupted();
    }
  }

  @Test
  void aFileMayBeOpenedAnyNumberOfTimes() {
    Path file = folder.resolve("many.bcq");
    RandomModels.marian(file, 4);
    Translation expected = null;
    for (int i = 0; i < 100; i++) {
      try (Translator translator = Translator.of(BcqFile.open(file), OPTIONS)) {
        Translation found = translator.translate(new int[] {4, 8, 1}, BEAMS);
        assertEquals(expected == null ? found : expected, found);
        expected = found;
      }
    }
  }
}
