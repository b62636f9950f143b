package dev.bcq.demo;

import android.content.Context;
import android.net.Uri;
import android.os.Handler;
import android.os.Looper;
import dev.bcq.demo.ModelState.Failed;
import dev.bcq.demo.ModelState.Opening;
import dev.bcq.demo.ModelState.Ready;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The model of the process and the one thread that works with it: opening, translating and
 * measuring follow one another. Methods are for the main thread; none of them waits.
 */
final class Session {
  /** Bytes between two reports of a copy. */
  private static final long REPORTED = 1 << 20;

  private final Handler main = new Handler(Looper.getMainLooper());
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "model"));
  private final TranslationCache cache = new TranslationCache();
  private final List<Consumer<ModelState>> listeners = new CopyOnWriteArrayList<>();
  private final Context context;
  private final Measurement measurement = new Measurement(this);
  private ModelState state = new Opening(0);

  /** The model; the worker's own. */
  private @Nullable LoadedModel model;

  /** Opens a model in one of several ways. */
  private interface Opened {
    Ready by(ModelOpener opener, LongConsumer progress) throws IOException;
  }

  Session(Context context) {
    this.context = context;
    open(ModelOpener::open);
  }

  /** Returns the benchmark of the process. */
  Measurement measurement() {
    return measurement;
  }

  ModelState state() {
    return state;
  }

  /** Tells a listener the state now and whenever it changes. */
  void listen(Consumer<ModelState> listener) {
    listeners.add(listener);
    listener.accept(state);
  }

  void forget(Consumer<ModelState> listener) {
    listeners.remove(listener);
  }

  /** Takes a document as the model. */
  void choose(Uri document) {
    open((opener, progress) -> opener.choose(document, model, progress));
  }

  /** Goes back to the model that came with the application. */
  void chooseBuiltIn() {
    open((opener, progress) -> opener.chooseBuiltIn());
  }

  /** Translates after what is under way. */
  TranslationJob translate(TranslationRequest request, TranslationJob.Listener listener) {
    TranslationJob job = new TranslationJob(request, listener, main);
    worker.execute(
        () -> {
          LoadedModel open = model;
          if (open == null) {
            job.fail(context.getString(R.string.no_model));
          } else {
            job.run(open, cache);
          }
        });
    return job;
  }

  /** Does something with the model, on its thread; nothing if there is none. */
  void use(Consumer<LoadedModel> work) {
    worker.execute(
        () -> {
          LoadedModel open = model;
          if (open != null) {
            work.accept(open);
          }
        });
  }

  /**
   * Keeps slow work away from the main thread.
   *
   * @throws IllegalStateException if that is where it is called
   */
  static void requireWorker(String what) {
    if (Looper.getMainLooper().isCurrentThread()) {
      throw new IllegalStateException(what + " is not for the main thread");
    }
  }

  /** Runs something on the main thread. */
  void onMain(Runnable call) {
    main.post(call);
  }

  /** Forgets recent translations. */
  void dropCache() {
    cache.clear();
  }

  int cached() {
    return cache.size();
  }

  private void open(Opened opened) {
    change(new Opening(0));
    worker.execute(
        () -> {
          ModelState next;
          try {
            Ready ready = opened.by(new ModelOpener(context), reporter());
            replace(ready.model());
            next = ready;
          } catch (IOException | RuntimeException e) {
            next = new Failed(e.getMessage() == null ? e.toString() : e.getMessage());
          }
          ModelState found = next;
          main.post(() -> change(found));
        });
  }

  private void replace(LoadedModel next) {
    LoadedModel last = model;
    if (next.isOpenAs(last)) {
      return;
    }
    model = next;
    cache.clear();
    if (last != null) {
      last.translator().close();
    }
  }

  private LongConsumer reporter() {
    long[] reported = {0};
    return copied -> {
      if (copied - reported[0] >= REPORTED) {
        reported[0] = copied;
        main.post(() -> change(new Opening(copied)));
      }
    };
  }

  private void change(ModelState next) {
    state = next;
    listeners.forEach(listener -> listener.accept(next));
  }
}
