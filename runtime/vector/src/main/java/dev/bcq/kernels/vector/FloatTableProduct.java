package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes times activations in float32: the same additions at every width.
 *
 * <p>With 16 lanes a table of 16 signed sums is one vector, and a key picks from it. With 8 lanes
 * the vector has the eight sums that subtract their last value; the others are their negatives,
 * found under the inverted key. (Zeros may differ in sign; added to a sum that began at +0 they
 * leave the same bits.) With 4 lanes the signs are applied one by one.
 */
final class FloatTableProduct {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final int FLOATS = F.length();
  private static final int TILE = 16;
  private static final int LINE = 64;
  private static final int SIGN = 0x80000000;

  /** Keys of four rows as they lie in the file. */
  private static final ValueLayout.OfInt FOUR_KEYS =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** For each column of an octet, what brings its bit of the four keys to the lanes' signs. */
  private static final int[] TO_SIGN = toSign();

  private BitPlaneBlock w;
  private final PreparedInput x;
  private MemorySegment bits;
  private float[] scales;
  private int planes;
  private int chunks;

  /** Sum of the present group. */
  private final float[] segment = new float[TILE];

  /** Sum of all groups so far. */
  private final float[] result = new float[TILE];

  private FloatTableProduct(BitPlaneBlock w, PreparedInput x) {
    this.x = x;
    begin(w);
  }

  private void begin(BitPlaneBlock matrix) {
    w = matrix;
    bits = VectorViews.of(matrix);
    scales = matrix.scales();
    planes = matrix.planes();
    chunks = matrix.chunks();
  }

  /** Multiplies tiles of a matrix with a product of the input that is idle, or a new one. */
  static void multiply(BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Pool<FloatTableProduct> pool = VectorViews.of(x).floatTableProducts;
    FloatTableProduct product = pool.take();
    if (product == null) {
      product = new FloatTableProduct(w, x);
    } else {
      product.begin(w);
    }
    product.multiply(tileFrom, tileTo, y);
    pool.give(product);
  }

  private static int[] toSign() {
    int[] shifts = new int[8 * FLOATS];
    for (int i = 0; i < shifts.length; i++) {
      shifts[i] = Math.max(0, 31 - 8 * (i % FLOATS) - i / FLOATS);
    }
    return shifts;
  }

  private void multiply(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        tile(tile, column);
        System.arraycopy(result, 0, y.values(), y.at(column) + w.firstRow() + tile * TILE, rows);
      }
    }
  }

  private void tile(int tile, int column) {
    Arrays.fill(result, 0f);
    int group = 0;
    for (int from = 0; from < chunks; from += w.groupChunks()) {
      int to = Math.min(from + w.groupChunks(), chunks);
      int scale = (tile * w.groups() + group) * w.slots() * TILE;
      for (int plane = 0; plane < planes; plane++) {
        if (FLOATS == TILE) {
          pick(tile, column, plane, from, to, scale + plane * TILE);
        } else {
          for (int row = 0; row < TILE; row += FLOATS) {
            if (FLOATS == 8) {
              pickOrNegate(tile, column, plane, from, to, scale + plane * TILE, row);
            } else {
              addSigned(tile, column, plane, from, to, scale + plane * TILE, row);
            }
          }
        }
      }
      add(segment);
      if (w.hasOffset()) {
        addOffset(scale + planes * TILE, x.groupSums()[column * w.groups() + group]);
      }
      group++;
    }
  }

  private void pick(int tile, int column, int plane, int from, int to, int scale) {
    float[] tables = x.floatTables();
    FloatVector sum = FloatVector.zero(F);
    int table = (column * chunks + from) * 128;
    long line = (((long) tile * chunks + from) * planes + plane) * LINE;
    for (int chunk = from; chunk < to; chunk++) {
      for (int octet = 0; octet < LINE; octet += TILE) {
        IntVector keys = Octets.load(bits, line + octet);
        IntVector low = FloatVector.fromArray(F, tables, table).reinterpretAsInts();
        IntVector high = FloatVector.fromArray(F, tables, table + TILE).reinterpretAsInts();
        sum = sum.add(keys.and(15).selectFrom(low).reinterpretAsFloats());
        sum =
            sum.add(keys.lanewise(VectorOperators.LSHR, 4).selectFrom(high).reinterpretAsFloats());
        table += 2 * TILE;
      }
      line += (long) planes * LINE;
    }
    scale(sum, plane, scale, 0);
  }

  private void pickOrNegate(int tile, int column, int plane, int from, int to, int scale, int row) {
    float[] tables = x.floatTables();
    FloatVector sum = FloatVector.zero(F);
    int table = (column * chunks + from) * 64;
    long line = (((long) tile * chunks + from) * planes + plane) * LINE + row;
    for (int chunk = from; chunk < to; chunk++) {
      for (int octet = 0; octet < LINE; octet += TILE) {
        IntVector keys = Octets.load(bits, line + octet);
        sum = sum.add(entry(keys, FloatVector.fromArray(F, tables, table)));
        keys = keys.lanewise(VectorOperators.LSHR, 4);
        sum = sum.add(entry(keys, FloatVector.fromArray(F, tables, table + 8)));
        table += 16;
      }
      line += (long) planes * LINE;
    }
    scale(sum, plane, scale + row, row);
  }

  /** Picks by the four lowest bits of each key. */
  private static FloatVector entry(IntVector keys, FloatVector table) {
    IntVector plus = keys.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 31);
    return keys.lanewise(VectorOperators.XOR, plus)
        .and(7)
        .selectFrom(table.reinterpretAsInts())
        .lanewise(VectorOperators.XOR, plus.and(SIGN))
        .reinterpretAsFloats();
  }

  private void addSigned(int tile, int column, int plane, int from, int to, int scale, int row) {
    float[] values = x.floats();
    FloatVector sum = FloatVector.zero(F);
    int at = (column * chunks + from) * 32;
    long line = (((long) tile * chunks + from) * planes + plane) * LINE + row;
    for (int chunk = from; chunk < to; chunk++) {
      for (int octet = 0; octet < LINE; octet += TILE) {
        IntVector minus = IntVector.broadcast(I, ~bits.get(FOUR_KEYS, line + octet));
        for (int bit = 0; bit < 8; bit += 4) {
          sum = sum.add(signedSum(minus, values, at + bit, bit));
        }
        at += 8;
      }
      line += (long) planes * LINE;
    }
    scale(sum, plane, scale + row, row);
  }

  private static FloatVector signedSum(IntVector minus, float[] x, int at, int bit) {
    return signed(minus, x[at], bit)
        .add(signed(minus, x[at + 1], bit + 1))
        .add(signed(minus, x[at + 2], bit + 2))
        .add(signed(minus, x[at + 3], bit + 3));
  }

  private static FloatVector signed(IntVector minus, float value, int bit) {
    return minus
        .lanewise(VectorOperators.LSHL, IntVector.fromArray(I, TO_SIGN, bit * FLOATS))
        .and(SIGN)
        .lanewise(VectorOperators.XOR, Float.floatToRawIntBits(value))
        .reinterpretAsFloats();
  }

  private void scale(FloatVector sum, int plane, int scale, int target) {
    FloatVector scaled = sum.mul(FloatVector.fromArray(F, scales, scale));
    if (plane == 0) {
      scaled.intoArray(segment, target);
    } else {
      FloatVector.fromArray(F, segment, target).add(scaled).intoArray(segment, target);
    }
  }

  private void add(float[] values) {
    for (int i = 0; i < TILE; i += FLOATS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, values, i))
          .intoArray(result, i);
    }
  }

  private void addOffset(int offset, float sum) {
    for (int i = 0; i < TILE; i += FLOATS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, scales, offset + i).mul(sum))
          .intoArray(result, i);
    }
  }
}
