package dev.bcq.runtime.decoding;

import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.StepDecoder;
import dev.bcq.runtime.model.Transformer;
import java.util.List;

/** Finds the best targets of a source. */
public final class Search {

  private Search() {}

  /** Returns the best hypotheses, best first; none if the options allow no target. */
  public static List<Hypothesis> run(
      Transformer transformer, EncodedSource source, DecodingParameters parameters) {
    StepDecoder decoder =
        transformer.decode(source, parameters.beams(), parameters.maxLength() - 1);
    return run(decoder, transformer.kernels(), parameters);
  }

  static List<Hypothesis> run(StepDecoder decoder, Kernels kernels, DecodingParameters parameters) {
    return parameters.beams() == 1
        ? new GreedySearch(decoder, kernels, parameters).run()
        : new BeamSearch(decoder, kernels, parameters).run();
  }
}
