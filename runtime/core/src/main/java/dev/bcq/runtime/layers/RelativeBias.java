package dev.bcq.runtime.layers;

import dev.bcq.format.Positions;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.ops.RelativeBuckets;
import dev.bcq.runtime.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * Biases of attention scores by distance, laid out so that those of one query are contiguous.
 *
 * <p>The bias of head h, query q and key k is {@code values[offset(q) + h * stride + k]}.
 */
public final class RelativeBias {
  private final Activations values;
  private final int length;

  /**
   * Spreads the buckets over all distances of a sequence.
   *
   * @param table [buckets][heads]
   * @param length longest sequence
   * @param bidirectional keys may stand behind the query (encoder)
   */
  public RelativeBias(
      Positions.Relative positions, float[] table, int heads, int length, boolean bidirectional) {
    this.length = length;
    int stride = bidirectional ? 2 * length - 1 : length;
    this.values = Activations.allocate(heads, stride);
    for (int i = 0; i < stride; i++) {
      int bucket = RelativeBuckets.bucket(positions, i - (length - 1), bidirectional);
      for (int head = 0; head < heads; head++) {
        values.values()[values.at(head) + i] = table[bucket * heads + head];
      }
    }
  }

  /** Returns the longest sequence. */
  public int length() {
    return length;
  }

  /**
   * Says how the scores of a query are scaled and, unless the bias is null, biased.
   *
   * @param step -1 if the next query of a call stands one position further, 0 if at the same one
   */
  static void score(
      @Nullable RelativeBias bias, int query, int step, float scale, KeyValueRows memory) {
    if (bias == null) {
      memory.score(scale, null, 0, 0);
    } else {
      memory.score(scale, bias.values, bias.length - 1 - query, step);
    }
  }
}
