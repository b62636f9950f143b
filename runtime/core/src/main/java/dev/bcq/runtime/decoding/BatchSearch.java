package dev.bcq.runtime.decoding;

import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Searches for the targets of many sources at once: every step of the decoder computes the columns
 * of all searches that go on, and new sources take the places of those that have ended. No column
 * is ever padding, and what a source gets does not depend on its neighbours.
 *
 * <p>Sources wait while those at work could need more memory than is allowed ({@link
 * SearchRequest#bytes}); one is always at work.
 */
public final class BatchSearch {
  private final Workspace workspace;
  private final Transformer transformer;
  private final Requests requests;
  private final Listener listener;
  private final Runnable checkpoint;
  private final int most;
  private final long mostBytes;
  private final List<SearchRequest> running = new ArrayList<>();
  private final List<Search> searches = new ArrayList<>();
  private final List<DecoderState> states = new ArrayList<>();

  /** Columns of all searches that go on, at most. */
  private int columns;

  /** Where sources come from. */
  public interface Requests {

    /**
     * Returns further requests: none when there are no more or the next one needs too much, but
     * always one if nothing is at work.
     *
     * @param most most requests
     * @param bytes most bytes that they may need
     * @param idle whether nothing is at work
     */
    List<SearchRequest> take(int most, long bytes, boolean idle);
  }

  /** Who is told what was found. */
  public interface Listener {

    /**
     * Takes what was found.
     *
     * @param hypotheses best first; none if the options allow no target
     */
    void found(SearchRequest request, List<Hypothesis> hypotheses);
  }

  private BatchSearch(
      Workspace workspace,
      Requests requests,
      int most,
      long mostBytes,
      Runnable checkpoint,
      Listener listener) {
    this.workspace = workspace;
    this.transformer = workspace.transformer();
    this.requests = requests;
    this.most = most;
    this.mostBytes = mostBytes;
    this.checkpoint = checkpoint;
    this.listener = listener;
  }

  /**
   * Works until there are no more requests.
   *
   * @param workspace where it works
   * @param most most sources at work together
   * @param mostBytes most bytes that they may need
   * @param checkpoint called before each layer of the encoder and each step of the decoder; may
   *     throw to end the run
   */
  public static void run(
      Workspace workspace,
      Requests requests,
      int most,
      long mostBytes,
      Runnable checkpoint,
      Listener listener) {
    new BatchSearch(workspace, requests, most, mostBytes, checkpoint, listener).run();
  }

  private void run() {
    refill();
    while (!running.isEmpty()) {
      checkpoint.run();
      step();
      report();
      // A few at once: the encoder, too, computes several sources together.
      if (most - running.size() >= Math.max(1, most / 4)) {
        refill();
      }
    }
  }

  private void refill() {
    long held = 0;
    for (int i = 0; i < running.size(); i++) {
      held += running.get(i).bytes(transformer);
    }
    List<SearchRequest> taken =
        requests.take(most - running.size(), mostBytes - held, running.isEmpty());
    if (taken.isEmpty()) {
      return;
    }
    List<int[]> sources = taken.stream().map(SearchRequest::sourceIds).collect(Collectors.toList());
    List<EncodedSource> encoded = workspace.encoder().encode(sources, checkpoint);
    int vocabulary = transformer.config().targetVocabulary();
    for (int i = 0; i < taken.size(); i++) {
      DecodingParameters parameters = taken.get(i).parameters();
      running.add(taken.get(i));
      searches.add(Search.begin(transformer.kernels(), parameters, vocabulary));
      int steps = parameters.maxLength() - 1;
      states.add(transformer.begin(encoded.get(i), parameters.beams(), steps, workspace.arrays()));
    }
    columns = running.stream().mapToInt(request -> request.parameters().beams()).sum();
  }

  private void step() {
    for (int i = 0; i < searches.size(); i++) {
      Search search = searches.get(i);
      states.get(i).next(search.tokens(), search.parents(), search.columns());
    }
    Activations logits = workspace.decoder(columns).step(states);
    int column = 0;
    for (int i = 0; i < searches.size(); i++) {
      searches.get(i).take(logits, column);
      column += states.get(i).columns();
    }
  }

  private void report() {
    for (int i = 0; i < searches.size(); ) {
      if (searches.get(i).columns() > 0) {
        i++;
      } else {
        SearchRequest request = running.remove(i);
        Search search = searches.remove(i);
        states.remove(i).release();
        listener.found(request, search.best());
      }
    }
  }
}
