package dev.bcq.converter.checkpoint;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The start of decoders that begin with an embedding of zeros instead of a token's, as those of
 * Marian do: one more token behind all others, with a row of zeros, which is never probable.
 * Hugging Face's conversions of Marian models do the same with their padding.
 */
public final class ZeroStart {
  /** So little that its exponential is 0 beside that of any logit. */
  private static final float IMPOSSIBLE = -1e9f;

  private ZeroStart() {}

  /** Returns the embeddings with one more token in the target; what was one table stays one. */
  public static Embeddings append(Embeddings embeddings) {
    TensorSource decoder = withRow(embeddings.decoder());
    return new Embeddings(
        embeddings.shared() ? decoder : embeddings.encoder(),
        decoder,
        embeddings.tiedOutput() ? decoder : withRow(embeddings.output()));
  }

  private static TensorSource withRow(TensorSource table) {
    long rows = table.shape().get(0);
    return extended(table, List.of(rows + 1, table.shape().get(1)), 0f);
  }

  /**
   * Returns a bias of logits that makes the appended token impossible.
   *
   * @param bias of the tokens that the model has, or null if it has none
   * @param tokens how many these are
   */
  public static TensorSource bias(@Nullable TensorSource bias, int tokens) {
    TensorSource zeros =
        TensorSource.computed(
            "output bias",
            List.of((long) tokens),
            (from, into, offset, count) -> Arrays.fill(into, offset, offset + count, 0f));
    return extended(bias == null ? zeros : bias, List.of(tokens + 1L), IMPOSSIBLE);
  }

  private static TensorSource extended(TensorSource source, List<Long> shape, float rest) {
    long held = source.count();
    return TensorSource.computed(
        source.name(),
        shape,
        (from, into, offset, count) -> {
          int there = (int) Math.max(0, Math.min(count, held - from));
          if (there > 0) {
            source.read(from, into, offset, there);
          }
          Arrays.fill(into, offset + there, offset + count, rest);
        });
  }
}
