package dev.bcq.converter.allocate;

import org.jspecify.annotations.Nullable;

/**
 * Rows that get the same number of planes.
 *
 * @param matrix canonical name of their matrix
 * @param rows the rows, or null if they are all of the matrix
 * @param bytes what they take, by number of planes; index 0 is not used
 * @param losses what the model loses if they alone are quantized, by number of planes, in natural
 *     units per token; index 0 is not used
 */
@SuppressWarnings("ArrayRecordComponent")
record Item(String matrix, int @Nullable [] rows, long[] bytes, double[] losses) {

  /** Returns the same item whose losses are multiplied by a factor. */
  Item times(double factor) {
    double[] scaled = losses.clone();
    for (int planes = 0; planes < scaled.length; planes++) {
      scaled[planes] *= factor;
    }
    return new Item(matrix, rows, bytes, scaled);
  }
}
