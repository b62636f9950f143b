package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Int8 weights times bytes or floats. A lane of 32 bits is a row: its four bytes are the weights of
 * four octets.
 */
final class Int8Product {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final VectorSpecies<Short> S = Species.SHORTS;
  private static final int ROWS = I.length();
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int CHUNK_BYTES = Int8TileLayout.CHUNK_BYTES;

  /** What makes 128 more than a weight the weight, as a signed byte. */
  private static final short SIGNS = (short) 0x8080;

  private static final ValueLayout.OfInt FOUR =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Int8Matrix w;
  private final PreparedInput x;
  private MemorySegment weights;
  private final MemorySegment bytes;
  private int chunks;

  /** Sum of all spans so far for each row. */
  private final float[] result = new float[TILE];

  private Int8Product(Int8Matrix w, PreparedInput x) {
    this.x = x;
    this.bytes = VectorViews.of(x).bytes;
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
      for (int column = 0; column < x.columns(); column++) {
        Arrays.fill(result, 0f);
        for (int span = 0; span < x.spans(); span++) {
          addSpan(tile, column, span);
        }
        store(tile, column, y);
      }
    }
  }

  private void multiplyFloats(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      for (int column = 0; column < x.columns(); column++) {
        long values = (long) tile * chunks * CHUNK_BYTES;
        int input = column * chunks * CHUNK;
        for (int row = 0; row < TILE; row += ROWS) {
          long at = values + row * 4L;
          FloatVector even = quarter(at, input).add(quarter(at + 2 * LINE, input + 2));
          FloatVector odd = quarter(at + LINE, input + 1).add(quarter(at + 3 * LINE, input + 3));
          even.add(odd).intoArray(result, row);
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
      y.values()[at + row] = result[row] * w.scales()[first + row];
    }
  }

  private void addSpan(int tile, int column, int span) {
    int from = span * 4;
    int lines = Math.min(4, chunks - from) * LINES;
    long values = ((long) tile * chunks + from) * CHUNK_BYTES;
    int input = (column * chunks + from) * CHUNK;
    float scale = x.byteScales()[column * x.spans() + span];
    for (int row = 0; row < TILE; row += ROWS) {
      IntVector dots = dots(values + row * 4L, input, lines);
      FloatVector exact = (FloatVector) dots.convert(VectorOperators.I2F, 0);
      FloatVector.fromArray(F, result, row).add(exact.mul(scale)).intoArray(result, row);
    }
  }

  /**
   * Returns the integer dot products of rows. Two products of bytes within 127 fit a lane of 16
   * bits; sums of more are kept in 32.
   */
  private IntVector dots(long values, int input, int lines) {
    IntVector sum = IntVector.zero(I);
    long at = values;
    for (int line = 0; line < lines; line++) {
      ShortVector four = four(bytes.get(FOUR, input + 4L * line));
      ShortVector eight =
          ShortVector.fromMemorySegment(S, weights, at, ByteOrder.LITTLE_ENDIAN)
              .lanewise(VectorOperators.XOR, SIGNS);
      ShortVector even = lower(eight).mul(lower(four));
      sum = addPairs(sum, even.add(upper(eight).mul(upper(four))));
      at += LINE;
    }
    return sum;
  }

  /** Returns four bytes in each lane of 32 bits. */
  static ShortVector four(int bytes) {
    return IntVector.broadcast(I, bytes).reinterpretAsShorts();
  }

  /** Returns the lower byte of each lane. */
  static ShortVector lower(ShortVector bytes) {
    return upper(bytes.lanewise(VectorOperators.LSHL, 8));
  }

  /** Returns the upper byte of each lane. */
  static ShortVector upper(ShortVector bytes) {
    return bytes.lanewise(VectorOperators.ASHR, 8);
  }

  /** Adds both halves of each lane of 32 bits. */
  static IntVector addPairs(IntVector sum, ShortVector halves) {
    IntVector pairs = halves.reinterpretAsInts();
    return sum.add(pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16))
        .add(pairs.lanewise(VectorOperators.ASHR, 16));
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
