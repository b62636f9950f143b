package dev.bcq.benchmarks.measure;

import dev.bcq.runtime.decoding.BatchSearch;
import dev.bcq.runtime.decoding.Hypothesis;
import dev.bcq.runtime.decoding.SearchRequest;
import dev.bcq.runtime.decoding.Workspace;
import java.util.List;

/**
 * How long the parts of one translation took, token ids to token ids.
 *
 * @param sourceTokens tokens that the encoder read
 * @param positions steps of the decoder, whatever the beam
 * @param encoder nanoseconds until the first step, keys and values of the cross-attention included
 * @param firstToken nanoseconds until the first token was chosen
 * @param total nanoseconds until the target was there
 * @param target tokens of the best hypothesis; empty if the options allow none
 */
public record Phases(
    int sourceTokens,
    int positions,
    long encoder,
    long firstToken,
    long total,
    List<Integer> target) {

  /** Returns the nanoseconds of the decoder: steps, choice of tokens, reordering of beams. */
  long decoder() {
    return total - encoder;
  }

  double encoderTokensPerSecond() {
    return sourceTokens * 1e9 / encoder;
  }

  double decoderTokensPerSecond() {
    return positions * 1e9 / decoder();
  }

  /** Translates a source and takes the time. */
  static Phases of(Workspace workspace, SearchRequest request, Runnable eachStep) {
    Clock clock = new Clock(workspace.transformer().config().encoder().layers(), eachStep);
    Once once = new Once(request);
    BatchSearch.run(workspace, once::take, 1, Long.MAX_VALUE, clock::checkpoint, once::found);
    return clock.stop(request.sourceIds().length, once.target);
  }

  /** Gives one request and keeps what was found. */
  private static final class Once {
    private List<SearchRequest> waiting;
    private List<Integer> target = List.of();

    Once(SearchRequest request) {
      this.waiting = List.of(request);
    }

    List<SearchRequest> take(int most, long bytes, boolean idle) {
      List<SearchRequest> taken = waiting;
      waiting = List.of();
      return taken;
    }

    void found(SearchRequest request, List<Hypothesis> hypotheses) {
      target = hypotheses.isEmpty() ? List.of() : hypotheses.get(0).ids();
    }
  }

  /** A search calls its checkpoint before each layer of the encoder and each step. */
  private static final class Clock {
    private final int encoderLayers;
    private final Runnable eachStep;
    private final long begin = System.nanoTime();
    private int calls;
    private long firstStep;
    private long secondStep;

    Clock(int encoderLayers, Runnable eachStep) {
      this.encoderLayers = encoderLayers;
      this.eachStep = eachStep;
    }

    void checkpoint() {
      calls++;
      if (calls == encoderLayers + 1) {
        firstStep = System.nanoTime();
      } else if (calls == encoderLayers + 2) {
        secondStep = System.nanoTime();
      }
      if (calls > encoderLayers) {
        eachStep.run();
      }
    }

    Phases stop(int sourceTokens, List<Integer> target) {
      long end = System.nanoTime();
      int positions = calls - encoderLayers;
      long firstToken = positions > 1 ? secondStep : end;
      return new Phases(
          sourceTokens, positions, firstStep - begin, firstToken - begin, end - begin, target);
    }
  }
}
