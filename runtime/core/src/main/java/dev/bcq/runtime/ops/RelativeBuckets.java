package dev.bcq.runtime.ops;

import dev.bcq.format.Positions;

/** Buckets of distances (Raffel et al. 2020, section 2.1; as Hugging Face computes them). */
public final class RelativeBuckets {

  private RelativeBuckets() {}

  /**
   * Returns the bucket of a key seen from a query.
   *
   * @param distance position of the key minus position of the query
   * @param bidirectional whether keys behind the query have buckets of their own (encoder)
   */
  public static int bucket(Positions.Relative positions, int distance, boolean bidirectional) {
    int buckets = bidirectional ? positions.buckets() / 2 : positions.buckets();
    int base = bidirectional && distance > 0 ? buckets : 0;
    int magnitude = bidirectional ? Math.abs(distance) : Math.max(-distance, 0);
    int exact = buckets / 2;
    if (magnitude < exact) {
      return base + magnitude;
    }
    double position =
        StrictMath.log((double) magnitude / exact)
            / StrictMath.log((double) positions.maximumDistance() / exact)
            * (buckets - exact);
    return base + Math.min(buckets - 1, exact + (int) position);
  }
}
