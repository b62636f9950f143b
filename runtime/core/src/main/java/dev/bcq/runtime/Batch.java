package dev.bcq.runtime;

import dev.bcq.runtime.decoding.BatchSearch;
import dev.bcq.runtime.decoding.Hypothesis;
import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.Workspace;
import dev.bcq.runtime.kernels.ThreadTeam;
import dev.bcq.runtime.model.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A call's segments on the threads that it may use, longest first. */
final class Batch {
  private final Transformer transformer;
  private final Workspaces workspaces;
  private final List<SearchRequest> requests;
  private final BatchOptions options;

  /**
   * Threads that search, each with a team of its own where there are fewer segments than threads.
   */
  private final int workers;

  private final BiFunction<SearchRequest, List<Hypothesis>, Translation> toTranslation;
  private final @Nullable Translation[] translations;
  private int next;
  private int done;
  private volatile @Nullable Throwable failure;

  /**
   * Prepares a batch.
   *
   * @param workspaces where threads work
   * @param requests segments with at least one token
   * @param translations receives the translation of each request at its index; those that are there
   *     already count as done
   */
  Batch(
      Transformer transformer,
      Workspaces workspaces,
      List<SearchRequest> requests,
      BatchOptions options,
      BiFunction<SearchRequest, List<Hypothesis>, Translation> toTranslation,
      @Nullable Translation[] translations) {
    this.transformer = transformer;
    this.workspaces = workspaces;
    this.requests = new ArrayList<>(requests);
    this.requests.sort(Comparator.comparingInt(request -> -request.sourceIds().length));
    this.options = options;
    this.workers = Math.max(1, Math.min(options.threads(), requests.size()));
    this.toTranslation = toTranslation;
    this.translations = translations;
  }

  /** Works until everything is translated; throws what ended the work otherwise. */
  void run() {
    reportEmpty();
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < workers; i++) {
      Thread thread = new Thread(this::work, "bcq-translate-" + i);
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    work();
    others.forEach(this::join);
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void reportEmpty() {
    for (int i = 0; i < translations.length; i++) {
      Translation translation = translations[i];
      if (translation != null) {
        report(i, translation);
      }
    }
  }

  private void work() {
    int threads = options.threads() / workers;
    try {
      if (threads == 1) {
        Workspace workspace = workspaces.take();
        search(workspace);
        workspaces.give(workspace);
      } else {
        try (ThreadTeam team = new ThreadTeam(threads)) {
          search(new Workspace(transformer, team));
        }
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void search(Workspace workspace) {
    BatchSearch.run(
        workspace,
        this::take,
        options.segments(),
        options.memory() / workers,
        this::check,
        this::found);
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  private void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        fail(interruption());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // Near the end of a batch nobody takes more than a fair share.
  private synchronized List<SearchRequest> take(int most, long bytes, boolean idle) {
    int share = (requests.size() - next + workers - 1) / workers;
    int first = next;
    int end = next + Math.min(most, share);
    long needed = 0;
    while (next < end) {
      needed += requests.get(next).bytes(transformer);
      if (needed > bytes && !(idle && next == first)) {
        break;
      }
      next++;
    }
    return first == next ? List.of() : requests.subList(first, next);
  }

  private void check() {
    if (failure != null) {
      throw new CancellationException("another thread of the batch has failed");
    }
    Cancellation cancellation = options.cancellation();
    if (cancellation != null && cancellation.isCancelled()) {
      throw new CancellationException("the translation was cancelled");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interruption();
    }
  }

  private static CancellationException interruption() {
    return new CancellationException("the translating thread was interrupted");
  }

  private void found(SearchRequest request, List<Hypothesis> hypotheses) {
    Translation translation = toTranslation.apply(request, hypotheses);
    translations[request.index()] = translation;
    report(request.index(), translation);
  }

  // What a listener throws is kept before another thread may tell it of its own segment.
  private synchronized void report(int index, Translation translation) {
    done++;
    BatchListener listener = options.listener();
    if (listener == null || failure != null) {
      return;
    }
    try {
      listener.translated(index, translation, done, translations.length);
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    }
  }
}
