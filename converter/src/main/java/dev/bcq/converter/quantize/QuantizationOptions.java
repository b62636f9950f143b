package dev.bcq.converter.quantize;

import java.util.Locale;

/**
 * How weights become bit-planes.
 *
 * @param groupSize columns that share scales, a multiple of 32; 0 = the whole row
 * @param offset whether each group has an offset
 * @param method how scales and planes are found
 * @param requantize whether weights that are sums of scaled signs may get fewer planes than they
 *     have
 */
public record QuantizationOptions(
    int groupSize, boolean offset, Method method, boolean requantize) {

  /** How scales and planes are found. */
  public enum Method {
    /** Plane by plane, each fits what the ones before have left (Guo et al. 2017). */
    GREEDY,
    /**
     * Scales by least squares and planes by the nearest level, in turn, to convergence (Xu et al.
     * 2018).
     */
    ALTERNATING;

    /** Returns the word that users type. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
