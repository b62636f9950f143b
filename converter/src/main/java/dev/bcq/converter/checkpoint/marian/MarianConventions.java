package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;

/**
 * How what no array holds is computed, in which Marian and Hugging Face's conversions of its models
 * differ.
 *
 * @param halfMinusOne whether wave lengths divide by half the width less one
 * @param epsilon of norms
 * @param sigmoidGelu whether gelu is {@code x sigmoid(1.702 x)}
 */
record MarianConventions(boolean halfMinusOne, float epsilon, boolean sigmoidGelu) {
  /** The setting that says which. */
  static final String KEY = "conventions";

  static MarianConventions of(String name) {
    return switch (name) {
      // node_initializers.cpp, layerNorm in transformer.h, gelu in expression_operators.cpp.
      case "marian" -> new MarianConventions(true, 1e-6f, true);
      case "transformers" -> new MarianConventions(false, 1e-5f, false);
      default ->
          throw new CheckpointException(
              "--set %s=%s; expected marian or transformers".formatted(KEY, name));
    };
  }
}
