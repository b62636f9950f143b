package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.CountingKernels;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.kernels.ScalarKernelProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
  private static final TranslatorOptions FAST = TranslatorOptions.DEFAULT.withKernels("scalar");

  @TempDir Path folder;

  private static OpenModel open(BcqFile file, Kernels kernels, Arithmetic arithmetic) {
    return new OpenModel(file, kernels, FAST.withArithmetic(arithmetic), null);
  }

  private static OpenModel open(BcqFile file, Arithmetic arithmetic) {
    return open(file, new ScalarKernelProvider().create(), arithmetic);
  }

  private BcqFile marian() {
    return RandomModels.marian(folder.resolve("marian.bcq"), 3);
  }

  private BcqFile t5() {
    return RandomModels.t5(folder.resolve("t5.bcq"), 4);
  }

  private static int[] source(Random random, int length) {
    return random.ints(length, 2, RandomModels.VOCABULARY).toArray();
  }

  /** Sources of 1 to 200 tokens, an empty one among them. */
  private static List<int[]> sources(long seed) {
    Random random = new Random(seed);
    List<int[]> sources = new ArrayList<>();
    for (int length : new int[] {3, 200, 1, 17, 0, 5, 64, 2, 9, 130, 8, 1}) {
      sources.add(source(random, length));
    }
    return sources;
  }

  private static TranslationOptions beams(int beams) {
    return TranslationOptions.of(
        GenerationSettings.builder().beams(beams).nBest(beams).maxTokens(24).build());
  }

  private static List<Translation> alone(
      OpenModel model, List<int[]> sources, TranslationOptions options) {
    List<Translation> translations = new ArrayList<>();
    for (int[] ids : sources) {
      BatchOptions one = BatchOptions.DEFAULT.withSegments(1);
      translations.addAll(model.translate(List.of(ids), options, one));
    }
    return translations;
  }

  @Test
  void aSegmentHasTheIdsAndScoreBitsThatItHasAlone() {
    for (BcqFile file : List.of(marian(), t5())) {
      for (Arithmetic arithmetic : Arithmetic.values()) {
        OpenModel model = open(file, arithmetic);
        for (int beams : new int[] {1, 4}) {
          List<int[]> sources = sources(7);
          List<Translation> expected = alone(model, sources, beams(beams));
          for (int segments : new int[] {1, 3, 32}) {
            for (int threads : new int[] {1, 2}) {
              BatchOptions batch = BatchOptions.DEFAULT.withSegments(segments).withThreads(threads);
              assertEquals(
                  expected,
                  model.translate(sources, beams(beams), batch),
                  file.directory().config().norm()
                      + ", "
                      + arithmetic
                      + ", beam "
                      + beams
                      + ", "
                      + batch);
            }
          }
        }
      }
    }
  }

  @Test
  void neighboursDoNotMatter() {
    OpenModel model = open(marian(), Arithmetic.FAST);
    Random random = new Random(11);
    int[] source = source(random, 12);
    Translation expected = alone(model, List.of(source), beams(4)).get(0);
    for (int round = 0; round < 40; round++) {
      List<int[]> sources = new ArrayList<>();
      int place = random.nextInt(6);
      for (int i = 0; i < 6; i++) {
        sources.add(i == place ? source : source(random, 1 + random.nextInt(40)));
      }
      BatchOptions batch = BatchOptions.DEFAULT.withSegments(1 + random.nextInt(6));
      List<Translation> found = model.translate(sources, beams(4), batch);
      assertEquals(expected, found.get(place), "round " + round);
    }
  }

  @Test
  void aKernelCallComputesTheColumnsOfSeveralSegments() {
    CountingKernels kernels = new CountingKernels();
    OpenModel model = open(marian(), kernels, Arithmetic.FAST);
    List<int[]> sources = Collections.nCopies(6, new int[] {5});
    model.translate(sources, beams(2), BatchOptions.DEFAULT.withSegments(1));
    assertEquals(2, kernels.mostColumns());
    kernels.reset();
    model.translate(sources, beams(2), BatchOptions.DEFAULT.withSegments(4));
    assertEquals(8, kernels.mostColumns());
  }

  @Test
  void aSegmentThatHasEndedMakesRoomForTheNext() {
    CountingKernels kernels = new CountingKernels();
    OpenModel model = open(marian(), kernels, Arithmetic.FAST);
    // Each takes two steps, whatever it reads.
    TranslationOptions options =
        TranslationOptions.of(
            GenerationSettings.builder().beams(1).minTokens(1).maxTokens(2).build());
    List<int[]> sources = Collections.nCopies(40, new int[] {5});
    model.translate(sources, options, BatchOptions.DEFAULT.withSegments(40));
    int together = kernels.columns();
    kernels.reset();
    model.translate(sources, options, BatchOptions.DEFAULT.withSegments(5));
    assertEquals(together, kernels.columns());
  }

  @Test
  void segmentsWaitWhereMemoryIsShort() {
    // Each needs two layers' keys and values, and two rows of logits. A row of keys is 48 floats,
    // or as many bytes and a scale for each of three heads.
    segmentsWait(Arithmetic.EXACT, 2 * 48 * 4);
    segmentsWait(Arithmetic.FAST, 2 * (48 + 3 * 4));
  }

  private void segmentsWait(Arithmetic arithmetic, int bytesOfRow) {
    long bytes = 2L * bytesOfRow * (1 + 2 * 24) + 4L * 2 * RandomModels.VOCABULARY;
    List<int[]> sources = Collections.nCopies(9, new int[] {5});
    for (int fitting = 0; fitting <= 6; fitting++) {
      CountingKernels kernels = new CountingKernels();
      OpenModel model = open(marian(), kernels, arithmetic);
      long memory = Math.max(1, fitting * bytes);
      model.translate(sources, beams(2), BatchOptions.DEFAULT.withMemory(memory));
      assertEquals(2 * Math.max(1, fitting), kernels.mostColumns(), fitting + " fit");
    }
  }

  @Test
  void listenersHearOfEverySegmentOnce() {
    OpenModel model = open(marian(), Arithmetic.FAST);
    List<int[]> sources = sources(8);
    List<Translation> heard = new ArrayList<>(Collections.nCopies(sources.size(), null));
    List<Integer> counts = new ArrayList<>();
    BatchListener listener =
        (segment, translation, done, total) -> {
          assertSame(null, heard.set(segment, translation));
          assertEquals(sources.size(), total);
          counts.add(done);
        };
    for (int threads = 1; threads <= 2; threads++) {
      Collections.fill(heard, null);
      counts.clear();
      BatchOptions batch =
          BatchOptions.DEFAULT.withSegments(3).withThreads(threads).withListener(listener);
      assertEquals(model.translate(sources, beams(2), batch), heard);
      assertEquals(IntStream.rangeClosed(1, sources.size()).boxed().toList(), counts);
    }
  }

  @Test
  void whatAListenerThrowsEndsTheBatch() {
    OpenModel model = open(marian(), Arithmetic.FAST);
    IllegalStateException thrown = new IllegalStateException("enough");
    for (int threads = 1; threads <= 3; threads++) {
      BatchListener listener = throwing(thrown, 4, threads);
      BatchOptions batch =
          BatchOptions.DEFAULT.withSegments(2).withThreads(threads).withListener(listener);
      for (int i = 0; i < 20; i++) {
        assertSame(
            thrown,
            assertThrows(
                IllegalStateException.class, () -> model.translate(sources(9), beams(1), batch)));
        assertNoThreadIsLeft();
      }
    }
  }

  /** Throws at the last call that it bears, once another thread waits to be heard after it. */
  private static BatchListener throwing(RuntimeException thrown, int last, int threads) {
    return (segment, translation, done, total) -> {
      assertTrue(done <= last, "told again");
      if (done == last) {
        long deadline = System.nanoTime() + 20_000_000;
        while (threads > 1 && !someoneWaits() && System.nanoTime() < deadline) {
          Thread.onSpinWait();
        }
        throw thrown;
      }
    };
  }

  private static boolean someoneWaits() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getState() == Thread.State.BLOCKED);
  }

  @Test
  void aSegmentThatIsTooLongIsRefusedBeforeAnythingIsTranslated() {
    CountingKernels kernels = new CountingKernels();
    OpenModel model = open(marian(), kernels, Arithmetic.FAST);
    List<int[]> sources = List.of(new int[] {4, 5}, new int[301]);
    TranslationException e =
        assertThrows(
            TranslationException.class,
            () -> model.translate(sources, beams(1), BatchOptions.DEFAULT));
    assertTrue(String.valueOf(e.getMessage()).contains("301 tokens"), e.getMessage());
    assertEquals(0, kernels.calls());
  }

  @Test
  void numbersBelowOneAreRefused() {
    assertThrows(TranslationException.class, () -> BatchOptions.DEFAULT.withSegments(0));
    assertThrows(TranslationException.class, () -> BatchOptions.DEFAULT.withThreads(-1));
  }

  static void assertNoThreadIsLeft() {
    TreeSet<String> left = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("bcq-translate")) {
        left.add(thread.getName());
      }
    }
    assertFalse(!left.isEmpty(), () -> "still running: " + left);
  }
}
