package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;

/**
 * How what no array holds is computed. Marian and Hugging Face's conversions of its models differ
 * in both: in the wave lengths of positions, and in the epsilon of norms.
 *
 * @param halfMinusOne whether wave lengths divide by half the width less one
 * @param epsilon of norms
 */
record MarianConventions(boolean halfMinusOne, float epsilon) {
  /** The setting that says which. */
  static final String KEY = "conventions";

  static MarianConventions of(String name) {
    return switch (name) {
      // sinusoidalPositionEmbeddings in node_initializers.cpp, layerNorm in transformer.h.
      case "marian" -> new MarianConventions(true, 1e-6f);
      case "transformers" -> new MarianConventions(false, 1e-5f);
      default ->
          throw new CheckpointException(
              "--set %s=%s; expected marian or transformers".formatted(KEY, name));
    };
  }
}
