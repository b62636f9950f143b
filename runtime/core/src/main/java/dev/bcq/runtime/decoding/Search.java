package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.Activations;
import java.util.List;

/**
 * A search for the best targets of one source, step by step, so that many can share the decoder's
 * steps. Not thread-safe.
 */
sealed interface Search permits GreedySearch, BeamSearch {

  /** Begins a search: greedy for a beam of one. */
  static Search begin(Kernels kernels, DecodingParameters parameters, int vocabulary) {
    return parameters.beams() == 1
        ? new GreedySearch(kernels, parameters, vocabulary)
        : new BeamSearch(kernels, parameters, vocabulary);
  }

  /** Returns the number of columns of the next step; 0 when the search has ended. */
  int columns();

  /** Returns the last token of each column. */
  int[] tokens();

  /** Returns for each column the column of the step before that it continues. */
  int[] parents();

  /**
   * Takes what the step has given.
   *
   * @param logits those of the step, [columns][vocabulary]; changed
   * @param column the search's first column
   */
  void take(Activations logits, int column);

  /** Returns the best hypotheses, best first; none if the options allow no target. */
  List<Hypothesis> best();
}
