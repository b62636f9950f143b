package dev.bcq.runtime.kernels;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.nio.ByteBuffer;

/** The scalar kernels for int8 weights: the reference of both arithmetics. */
final class ScalarInt8 {
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int OCTETS = 4;

  private ScalarInt8() {}

  static void prepare(PreparedInput input) {
    int padded = input.chunks() * CHUNK;
    for (int column = 0; column < input.columns(); column++) {
      for (int span = 0; span < input.spans(); span++) {
        int from = column * padded + span * PreparedInput.SPAN;
        int to = Math.min(from + PreparedInput.SPAN, (column + 1) * padded);
        prepare(input, from, to, column * input.spans() + span);
      }
    }
  }

  private static void prepare(PreparedInput input, int from, int to, int span) {
    float[] x = input.floats();
    float maximum = ScalarKernels.largestMagnitude(x, from, to);
    float factor = PreparedInput.factor(maximum);
    input.byteScales()[span] = PreparedInput.scale(maximum);
    for (int chunk = from; chunk < to; chunk += CHUNK) {
      int sum = 0;
      for (int i = 0; i < CHUNK; i++) {
        byte value = (byte) Elementary.round(x[chunk + i] * factor);
        input.bytes()[chunk + i % LINES * OCTETS + i / LINES] = value;
        sum += value;
      }
      input.byteSums()[chunk / CHUNK] = sum;
    }
  }

  static void multiplyBytes(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    int rowTo = Math.min(tileTo * TILE, w.rows());
    for (int row = tileFrom * TILE; row < rowTo; row++) {
      for (int column = 0; column < x.columns(); column++) {
        float sum = 0;
        for (int span = 0; span < x.spans(); span++) {
          int from = span * 4;
          int to = Math.min(from + 4, x.chunks());
          int at = (row / TILE * x.chunks() + from) * Int8TileLayout.CHUNK_BYTES + row % TILE * 4;
          int first = column * x.chunks() + from;
          sum +=
              dot(w.values(), at, x, first, to - from) * x.byteScales()[column * x.spans() + span];
        }
        y.values()[y.at(column) + row] = sum * w.scales()[row];
      }
    }
  }

  /**
   * Returns the integer dot product of a row and a column.
   *
   * @param tiles weights plus 128, in tiles
   * @param at the row's first byte
   * @param chunk number of the input's first chunk, counted through all columns
   */
  static int dot(ByteBuffer tiles, int at, PreparedInput x, int chunk, int chunks) {
    byte[] inputs = x.bytes();
    int dot = 0;
    int line = at;
    int input = chunk * CHUNK;
    for (int i = 0; i < chunks; i++) {
      dot -= Int8TileLayout.ZERO * x.byteSums()[chunk + i];
      for (int j = 0; j < LINES; j++) {
        int four = tiles.getInt(line);
        dot +=
            (four & 0xff) * inputs[input]
                + (four >> 8 & 0xff) * inputs[input + 1]
                + (four >> 16 & 0xff) * inputs[input + 2]
                + (four >>> 24) * inputs[input + 3];
        line += LINE;
        input += OCTETS;
      }
    }
    return dot;
  }

  static void multiplyFloats(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    int rowTo = Math.min(tileTo * TILE, w.rows());
    for (int row = tileFrom * TILE; row < rowTo; row++) {
      int at = row / TILE * w.chunks() * Int8TileLayout.CHUNK_BYTES + row % TILE * 4;
      for (int column = 0; column < x.columns(); column++) {
        float even = quarter(w, at, x, column, 0) + quarter(w, at, x, column, 2);
        float odd = quarter(w, at, x, column, 1) + quarter(w, at, x, column, 3);
        y.values()[y.at(column) + row] = (even + odd) * w.scales()[row];
      }
    }
  }

  /** Returns a quarter of a dot product, as {@link Reduction} takes it. */
  private static float quarter(Int8Matrix w, int at, PreparedInput x, int column, int j) {
    return twoPartials(w, at, x, column, j) + twoPartials(w, at, x, column, j + 4);
  }

  /** Returns the sum of partial sums j and j + 8. */
  private static float twoPartials(
      Int8Matrix w, int at, PreparedInput prepared, int column, int j) {
    ByteBuffer tiles = w.values();
    float[] x = prepared.floats();
    float first = 0;
    float second = 0;
    int line = at + j * LINE;
    int input = column * w.chunks() * CHUNK + j;
    for (int chunk = 0; chunk < w.chunks(); chunk++) {
      int four = tiles.getInt(line);
      first += ((four & 0xff) - Int8TileLayout.ZERO) * x[input];
      second += ((four >> 8 & 0xff) - Int8TileLayout.ZERO) * x[input + 8];
      first += ((four >> 16 & 0xff) - Int8TileLayout.ZERO) * x[input + 16];
      second += ((four >>> 24) - Int8TileLayout.ZERO) * x[input + 24];
      line += Int8TileLayout.CHUNK_BYTES;
      input += CHUNK;
    }
    return first + second;
  }
}
