package dev.bcq.demo;

import android.os.Handler;
import dev.bcq.runtime.BatchOptions;
import dev.bcq.runtime.Cancellation;
import dev.bcq.runtime.TextTranslation;
import java.util.concurrent.CancellationException;

/**
 * One translation under way. Its listener is called on the main thread, and no more once it is
 * cancelled there.
 */
final class TranslationJob {
  /** Threads beyond these find too little to do in one sentence. */
  private static final int MOST_THREADS = 4;

  private final TranslationRequest request;
  private final Listener listener;
  private final Handler main;
  private final Cancellation cancellation = new Cancellation();

  /** Hears what becomes of a job, on the main thread. */
  interface Listener {
    void progress(int done, int total);

    void translated(TextTranslation translation);

    /** Takes the reason in the library's words. */
    void failed(String reason);
  }

  TranslationJob(TranslationRequest request, Listener listener, Handler main) {
    this.request = request;
    this.listener = listener;
    this.main = main;
  }

  /** Ends the translation within a step of the decoder. */
  void cancel() {
    cancellation.cancel();
  }

  /** Translates, on the thread of the model. */
  void run(LoadedModel model, TranslationCache cache) {
    Session.requireWorker("translating");
    if (cancellation.isCancelled()) {
      return;
    }
    TextTranslation known = cache.get(request);
    if (known != null) {
      post(() -> listener.translated(known));
      return;
    }
    BatchOptions batch =
        BatchOptions.DEFAULT
            .withThreads(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()))
            .withCancellation(cancellation)
            .withListener(
                (segment, translation, done, total) -> post(() -> listener.progress(done, total)));
    try {
      TextTranslation translation =
          model.translator().translateText(request.text(), request.options(), batch);
      cache.put(request, translation);
      post(() -> listener.translated(translation));
    } catch (CancellationException e) {
      // Nobody waits for it any more.
    } catch (RuntimeException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  void fail(String reason) {
    post(() -> listener.failed(reason));
  }

  private void post(Runnable call) {
    main.post(
        () -> {
          if (!cancellation.isCancelled()) {
            call.run();
          }
        });
  }
}
