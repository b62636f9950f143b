package dev.bcq.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.kernels.CountingKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CancellationTest {
  private static final TranslatorOptions OPTIONS = TranslatorOptions.DEFAULT.withKernels("scalar");

  /** Long enough that it is never over before it is cancelled. */
  private static final TranslationOptions LONG =
      TranslationOptions.of(
          GenerationSettings.builder().beams(4).minTokens(250).maxTokens(299).build());

  private static final TranslationOptions SHORT =
      TranslationOptions.of(GenerationSettings.builder().beams(2).maxTokens(12).build());

  private static final int[] SOURCE = {7, 3, 44, 20, 9, 1};

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private BcqFile file;

  @BeforeEach
  void write() {
    file = RandomModels.marian(folder.resolve("m.bcq"), 3);
  }

  @Test
  void aTranslationEndsWithinOneStep() {
    int oneStep = callsOf(new Cancellation(), 1) - callsOf(new Cancellation(), 0);
    for (int steps : new int[] {1, 2, 50, 200}) {
      int before = callsOf(new Cancellation(), 0) + steps * oneStep;
      Cancellation handle = new Cancellation();
      CountingKernels kernels = new CountingKernels();
      // Cancelled by the last product that is allowed in full.
      kernels.after(before + 1, handle::cancel);
      OpenModel model = new OpenModel(file, kernels, OPTIONS, null);
      BatchOptions batch = BatchOptions.DEFAULT.withCancellation(handle);
      assertThrows(
          CancellationException.class, () -> model.translate(List.of(SOURCE), LONG, batch));
      assertEquals(before + oneStep, kernels.calls(), steps + " steps");
    }
  }

  /** Returns the products of the encoder and a number of steps. */
  private int callsOf(Cancellation handle, int steps) {
    CountingKernels kernels = new CountingKernels();
    OpenModel model = new OpenModel(file, kernels, OPTIONS, null);
    GenerationSettings.Builder settings = GenerationSettings.builder().beams(4).minTokens(250);
    TranslationOptions options =
        TranslationOptions.of(settings.maxTokens(Math.max(1, steps)).build());
    BatchOptions batch = BatchOptions.DEFAULT.withCancellation(handle);
    model.translate(List.of(SOURCE), options, batch);
    int all = kernels.calls();
    if (steps > 0) {
      return all;
    }
    kernels.reset();
    model.translate(List.of(SOURCE), TranslationOptions.of(settings.maxTokens(2).build()), batch);
    return 2 * all - kernels.calls();
  }

  @Test
  void theEncoderIsLeftBetweenItsLayers() {
    Cancellation handle = new Cancellation();
    CountingKernels kernels = new CountingKernels();
    kernels.after(2, handle::cancel);
    OpenModel model = new OpenModel(file, kernels, OPTIONS, null);
    assertThrows(
        CancellationException.class,
        () ->
            model.translate(List.of(SOURCE), LONG, BatchOptions.DEFAULT.withCancellation(handle)));
    assertEquals(6, kernels.calls());
  }

  @Test
  void aHandleThatWasCancelledBeforeEndsTheCallAtOnce() {
    CountingKernels kernels = new CountingKernels();
    OpenModel model = new OpenModel(file, kernels, OPTIONS, null);
    Cancellation handle = new Cancellation();
    handle.cancel();
    assertThrows(
        CancellationException.class,
        () ->
            model.translate(List.of(SOURCE), LONG, BatchOptions.DEFAULT.withCancellation(handle)));
    assertEquals(0, kernels.calls());
  }

  @Test
  void aThousandCancelledCallsLeaveNothingBehind() throws Exception {
    Random random = new Random(17);
    try (Translator translator = Translator.of(file, OPTIONS)) {
      List<int[]> sources = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        sources.add(random.ints(1 + random.nextInt(30), 2, RandomModels.VOCABULARY).toArray());
      }
      BatchOptions batch = BatchOptions.DEFAULT.withSegments(4).withThreads(2);
      List<Translation> expected = translator.translateAllIds(sources, SHORT, batch);
      ExecutorService canceller = Executors.newSingleThreadExecutor();
      int cancelled = 0;
      for (int i = 0; i < 1000; i++) {
        Cancellation handle = new Cancellation();
        int nanoseconds = random.nextInt(3_000_000);
        canceller.execute(
            () -> {
              long end = System.nanoTime() + nanoseconds;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              handle.cancel();
            });
        try {
          assertEquals(
              expected, translator.translateAllIds(sources, SHORT, batch.withCancellation(handle)));
        } catch (CancellationException e) {
          assertTrue(handle.isCancelled());
          cancelled++;
        }
      }
      canceller.shutdown();
      assertTrue(canceller.awaitTermination(10, TimeUnit.SECONDS));
      assertTrue(cancelled > 500, cancelled + " of 1000 calls were cancelled");
      assertEquals(expected, translator.translateAllIds(sources, SHORT, batch));
      BatchTest.assertNoThreadIsLeft();
    }
  }

  @Test
  void interruptingTheCallerEndsTheCallOnAllItsThreads() throws Exception {
    try (Translator translator = Translator.of(file, OPTIONS)) {
      for (int threads = 1; threads <= 3; threads++) {
        BatchOptions batch = BatchOptions.DEFAULT.withSegments(2).withThreads(threads);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread caller =
            new Thread(
                () -> {
                  try {
                    translator.translateAllIds(
                        List.of(SOURCE, SOURCE, SOURCE, SOURCE, SOURCE, SOURCE), LONG, batch);
                  } catch (CancellationException e) {
                    thrown.set(e);
                  }
                  stillInterrupted.set(Thread.currentThread().isInterrupted());
                });
        caller.start();
        Thread.sleep(20);
        caller.interrupt();
        caller.join(10_000);
        assertTrue(String.valueOf(thrown.get()).contains("interrupted"), threads + " threads");
        assertTrue(stillInterrupted.get());
        BatchTest.assertNoThreadIsLeft();
      }
    }
  }

  @Test
  void cancellingAFutureEndsItsTranslation() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Translator translator = openDefaultModel()) {
      TranslationOptions endless =
          TranslationOptions.of(
              GenerationSettings.builder().beams(4).minTokens(500).maxTokens(500).build());
      List<CompletableFuture<?>> futures =
          List.of(
              translator.translateAsync("Good morning.", endless, executor),
              translator.translateAllAsync(
                  List.of("Good morning."), endless, BatchOptions.DEFAULT, executor),
              translator.translateTextAsync(
                  "Good morning.", endless, BatchOptions.DEFAULT, executor));
      for (CompletableFuture<?> future : futures) {
        Thread.sleep(20);
        assertTrue(future.cancel(true));
        assertThrows(CancellationException.class, future::join);
      }
      // The only thread of the executor is free again.
      assertEquals(
          translator.translate("Good morning.", SHORT),
          translator.translateAsync("Good morning.", SHORT, executor).get(20, TimeUnit.SECONDS));
      CompletableFuture<Translation> late =
          translator.translateAsync("Good morning.", endless, executor);
      assertThrows(Exception.class, () -> late.orTimeout(20, TimeUnit.MILLISECONDS).join());
      executor.shutdown();
      assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aFutureReportsWhatTheCallThrows() {
    try (Translator translator = Translator.of(file, OPTIONS)) {
      CompletableFuture<Translation> future =
          translator.translateAsync("no tokenizer", SHORT, Runnable::run);
      ExecutionException e = assertThrows(ExecutionException.class, future::get);
      assertInstanceOf(TranslationException.class, e.getCause());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noMappingIsLeftOfATranslatorThatIsClosed() throws Exception {
    Path copy = folder.resolve("left-over.bcq");
    Files.copy(Path.of(System.getProperty("bcq.default.model", "none")), copy);
    openAndCancel(copy);
    for (int i = 0; i < 50 && mapped(copy); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(false, mapped(copy));
  }

  private static void openAndCancel(Path model) {
    try (Translator translator = Translator.open(model, OPTIONS)) {
      Cancellation handle = new Cancellation();
      handle.cancel();
      assertThrows(
          CancellationException.class, () -> translator.translate("Good morning.", SHORT, handle));
    }
  }

  private static boolean mapped(Path model) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(model.toString());
  }

  private static Translator openDefaultModel() {
    return Translator.open(Path.of(System.getProperty("bcq.default.model", "none")), OPTIONS);
  }
}
