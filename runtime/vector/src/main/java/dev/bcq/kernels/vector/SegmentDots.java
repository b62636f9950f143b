package dev.bcq.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of a tile's integer weights and rounded activations within a span, as floats: exact
 * in any order (see {@link RoundedInput}).
 */
final class SegmentDots {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int ROWS = F.length();
  private static final int TILE = 16;

  /** The weights, [column of the segment][row]: filled by their owner. */
  final float[] weights = new float[128 * TILE];

  /** The last dot products, [column of activations][row]. */
  float[] dots = {};

  /** Results of the last segments, scaled and added up by their owner; as long as the dots. */
  float[] results = {};

  /** Makes room for some columns, and begins with results of zero. */
  void begin(int columns) {
    if (dots.length < columns * TILE) {
      dots = new float[columns * TILE];
      results = new float[columns * TILE];
    }
    Arrays.fill(results, 0, columns * TILE, 0f);
  }

  /**
   * Multiplies.
   *
   * @param length columns of the segment, a multiple of 32
   * @param x rounded activations
   * @param from the segment's first activation of the first column
   * @param stride activations from a column to the next
   * @param columns columns of activations
   */
  void multiply(int length, float[] x, int from, int stride, int columns) {
    for (int row = 0; row < TILE; row += ROWS) {
      int column = 0;
      for (; column + 4 <= columns; column += 4) {
        four(length, x, from + column * stride, stride, column * TILE + row, row);
      }
      for (; column < columns; column++) {
        one(length, x, from + column * stride, column * TILE + row, row);
      }
    }
  }

  // Two sums for each column: an addition takes as long as four others may begin.
  private void four(int length, float[] x, int from, int stride, int to, int row) {
    float[] w = weights;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    for (int i = 0; i < length; i += 2) {
      int at = from + i;
      FloatVector w0 = FloatVector.fromArray(F, w, i * TILE + row);
      FloatVector w1 = FloatVector.fromArray(F, w, i * TILE + TILE + row);
      a0 = a0.add(w0.mul(x[at]));
      a1 = a1.add(w1.mul(x[at + 1]));
      at += stride;
      b0 = b0.add(w0.mul(x[at]));
      b1 = b1.add(w1.mul(x[at + 1]));
      at += stride;
      c0 = c0.add(w0.mul(x[at]));
      c1 = c1.add(w1.mul(x[at + 1]));
      at += stride;
      d0 = d0.add(w0.mul(x[at]));
      d1 = d1.add(w1.mul(x[at + 1]));
    }
    a0.add(a1).intoArray(dots, to);
    b0.add(b1).intoArray(dots, to + TILE);
    c0.add(c1).intoArray(dots, to + 2 * TILE);
    d0.add(d1).intoArray(dots, to + 3 * TILE);
  }

  private void one(int length, float[] x, int from, int to, int row) {
    float[] w = weights;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    for (int i = 0; i < length; i += 4) {
      int at = i * TILE + row;
      a0 = a0.add(FloatVector.fromArray(F, w, at).mul(x[from + i]));
      a1 = a1.add(FloatVector.fromArray(F, w, at + TILE).mul(x[from + i + 1]));
      a2 = a2.add(FloatVector.fromArray(F, w, at + 2 * TILE).mul(x[from + i + 2]));
      a3 = a3.add(FloatVector.fromArray(F, w, at + 3 * TILE).mul(x[from + i + 3]));
    }
    a0.add(a1).add(a2.add(a3)).intoArray(dots, to);
  }
}
