package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Int8 weights times rounded or float activations. A lane of 32 bits is a row: its four bytes are
 * the weights of four octets.
 */
final class Int8Product {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final int ROWS = I.length();
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int CHUNK_BYTES = Int8TileLayout.CHUNK_BYTES;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;

  private Int8Matrix w;
  private final PreparedInput x;
  private MemorySegment weights;
  private int chunks;

  private final SegmentDots segment = new SegmentDots();

  private Int8Product(Int8Matrix w, PreparedInput x) {
    this.x = x;
    begin(w);
  }

  private void begin(Int8Matrix matrix) {
    w = matrix;
    weights = VectorViews.of(matrix);
    chunks = matrix.chunks();
  }

  /** Multiplies tiles of a matrix with a product of the input that is idle, or a new one. */
  static void multiply(
      Int8Matrix w, boolean floats, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Pool<Int8Product> pool = VectorViews.of(x).int8Products;
    Int8Product product = pool.take();
    if (product == null) {
      product = new Int8Product(w, x);
    } else {
      product.begin(w);
    }
    if (floats) {
      product.multiplyFloats(tileFrom, tileTo, y);
    } else {
      product.multiplyBytes(tileFrom, tileTo, y);
    }
    pool.give(product);
  }

  private void multiplyBytes(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      segment.begin(x.columns());
      for (int span = 0; span < x.spans(); span++) {
        addSpan(tile, span);
      }
      for (int column = 0; column < x.columns(); column++) {
        store(tile, column, y);
      }
    }
  }

  private void multiplyFloats(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      segment.begin(x.columns());
      for (int column = 0; column < x.columns(); column++) {
        long values = (long) tile * chunks * CHUNK_BYTES;
        int input = column * chunks * CHUNK;
        for (int row = 0; row < TILE; row += ROWS) {
          long at = values + row * 4L;
          FloatVector even = quarter(at, input).add(quarter(at + 2 * LINE, input + 2));
          FloatVector odd = quarter(at + LINE, input + 1).add(quarter(at + 3 * LINE, input + 3));
          even.add(odd).intoArray(segment.results, column * TILE + row);
        }
        store(tile, column, y);
      }
    }
  }

  private void store(int tile, int column, Activations y) {
    int first = tile * TILE;
    int rows = Math.min(TILE, w.rows() - first);
    int at = y.at(column) + first;
    for (int row = 0; row < rows; row++) {
      y.values()[at + row] = segment.results[column * TILE + row] * w.scales()[first + row];
    }
  }

  private void addSpan(int tile, int span) {
    int from = span * SPAN_CHUNKS;
    int length = Math.min(SPAN_CHUNKS, chunks - from) * CHUNK;
    long line = ((long) tile * chunks + from) * CHUNK_BYTES;
    for (int first = 0; first < length; first += CHUNK) {
      for (int i = first; i < first + LINES; i++) {
        widen(line, i * TILE);
        line += LINE;
      }
    }
    segment.multiply(length, RoundedInput.of(x), from * CHUNK, chunks * CHUNK, x.columns());
    for (int column = 0; column < x.columns(); column++) {
      add(column * TILE, x.byteScales()[column * x.spans() + span]);
    }
  }

  /** Widens a line: four columns, eight apart, of which the first is given. */
  private void widen(long line, int to) {
    for (int row = 0; row < TILE; row += ROWS) {
      IntVector four =
          IntVector.fromMemorySegment(I, weights, line + 4L * row, ByteOrder.LITTLE_ENDIAN);
      for (int octet = 0; octet < 4; octet++) {
        octet(four, octet).intoArray(segment.weights, to + octet * LINES * TILE + row);
      }
    }
  }

  private void add(int at, float scale) {
    float[] results = segment.results;
    for (int row = 0; row < TILE; row += ROWS) {
      FloatVector.fromArray(F, results, at + row)
          .add(FloatVector.fromArray(F, segment.dots, at + row).mul(scale))
          .intoArray(results, at + row);
    }
  }

  /** Returns partial sums j, j + 8, j + 4 and j + 12 of rows, added in this order as pairs. */
  private FloatVector quarter(long at, int input) {
    return twoPartials(at, input).add(twoPartials(at + 4 * LINE, input + 4));
  }

  private FloatVector twoPartials(long values, int from) {
    float[] inputs = x.floats();
    FloatVector first = FloatVector.zero(F);
    FloatVector second = first;
    long at = values;
    int input = from;
    for (int chunk = 0; chunk < chunks; chunk++) {
      IntVector four = IntVector.fromMemorySegment(I, weights, at, ByteOrder.LITTLE_ENDIAN);
      first = first.add(octet(four, 0).mul(inputs[input]));
      second = second.add(octet(four, 1).mul(inputs[input + 8]));
      first = first.add(octet(four, 2).mul(inputs[input + 16]));
      second = second.add(octet(four, 3).mul(inputs[input + 24]));
      at += CHUNK_BYTES;
      input += CHUNK;
    }
    return first.add(second);
  }

  /** Returns the weights of one octet. */
  private static FloatVector octet(IntVector four, int octet) {
    return (FloatVector)
        four.lanewise(VectorOperators.LSHR, 8 * octet)
            .and(0xff)
            .sub(Int8TileLayout.ZERO)
            .convert(VectorOperators.I2F, 0);
  }
}
