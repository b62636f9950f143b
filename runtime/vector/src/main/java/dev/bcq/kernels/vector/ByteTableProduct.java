package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes times byte tables. A vector of keys holds 16 rows of one, two or four octets; a nibble
 * of each key picks an entry of its octet's table.
 *
 * <p>Entries are unsigned bytes in pairs of rows, so each pair is a 16-bit lane. Two sums are kept
 * per lane: of the lanes as they are, and of their upper halves, the odd rows; the even rows are
 * the first minus 256 times the second, modulo 2^16. A segment has at most 32 lookups of at most
 * 255 for a row: neither sum of a row leaves 13 bits.
 */
final class ByteTableProduct {
  private static final VectorSpecies<Byte> B = Species.BYTES;
  private static final VectorSpecies<Short> S = Species.SHORTS;
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int BYTES = B.length();
  private static final int SHORTS = S.length();
  private static final int FLOATS = F.length();
  private static final int TILE = 16;
  private static final int LINE = 64;

  /** What a row's sum is too large by, per chunk: 8 lookups of 128. */
  private static final int BIAS = 8 * 128;

  private static final byte NIBBLE = 15;

  /** Index of an octet's table among those that one vector holds. */
  private static final ByteVector OCTETS = octets();

  // Moved as floats, which every CPU can rearrange in one instruction.
  private static final VectorShuffle<Float> BY_8 = Lanes.rotation(8);
  private static final VectorShuffle<Float> BY_4 = Lanes.rotation(4);
  private static final VectorShuffle<Float> FIRST_TWICE = twice(0);
  private static final VectorShuffle<Float> SECOND_TWICE = twice(FLOATS / 2);
  private static final VectorMask<Float> ODD = odd();

  private BitPlaneBlock w;
  private final PreparedInput x;
  private MemorySegment bits;
  private final byte[] tables;
  private float[] scales;
  private int planes;
  private int chunks;

  /** Sum of the present segment for each row. */
  private final float[] segment = new float[TILE];

  /** Sum of all segments so far. */
  private final float[] result = new float[TILE];

  private ByteTableProduct(BitPlaneBlock w, PreparedInput x) {
    this.x = x;
    this.tables = x.byteTables();
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
    Pool<ByteTableProduct> pool = VectorViews.of(x).byteTableProducts;
    ByteTableProduct product = pool.take();
    if (product == null) {
      product = new ByteTableProduct(w, x);
    } else {
      product.begin(w);
    }
    product.multiply(tileFrom, tileTo, y);
    pool.give(product);
  }

  private static ByteVector octets() {
    byte[] lanes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      lanes[i] = (byte) (i / TILE * TILE);
    }
    return ByteVector.fromArray(B, lanes, 0);
  }

  private static VectorShuffle<Float> twice(int from) {
    return VectorShuffle.fromOp(F, lane -> from + lane / 2);
  }

  private static VectorMask<Float> odd() {
    boolean[] lanes = new boolean[FLOATS];
    for (int i = 1; i < FLOATS; i += 2) {
      lanes[i] = true;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }

  private void multiply(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      // The tile's weights stay in the nearest cache while all columns pass. Two columns at once
      // would share the keys'
      // nibbles, but measured no faster: the compiler does not take in so large a loop with its
      // flush.
      for (int column = 0; column < x.columns(); column++) {
        tile(tile, column);
        System.arraycopy(result, 0, y.values(), y.at(column) + w.firstRow() + tile * TILE, rows);
      }
    }
  }

  private void tile(int tile, int column) {
    Arrays.fill(result, 0f);
    int groupChunks = w.groupChunks();
    int slots = w.slots();
    int group = 0;
    int groupEnd = Math.min(groupChunks, chunks);
    for (int from = 0; from < chunks; ) {
      int to = Math.min((from & -4) + 4, groupEnd);
      int scale = (tile * w.groups() + group) * slots * TILE;
      for (int plane = 0; plane < planes; plane++) {
        lookUp(tile, column, plane, from, to, scale + plane * TILE);
      }
      endSegment(column, from / 4);
      if (to == groupEnd) {
        if (w.hasOffset()) {
          addOffset(scale + planes * TILE, column, group);
        }
        group++;
        groupEnd = Math.min(groupEnd + groupChunks, chunks);
      }
      from = to;
    }
  }

  private void lookUp(int tile, int column, int plane, int from, int to, int scale) {
    ShortVector all = ShortVector.zero(S);
    ShortVector odd = all;
    int table = (column * chunks + from) * 2 * LINE;
    long line = (((long) tile * chunks + from) * planes + plane) * LINE;
    for (int chunk = from; chunk < to; chunk++) {
      for (int i = 0; i < LINE; i += BYTES) {
        ByteVector keys = ByteVector.fromMemorySegment(B, bits, line + i, ByteOrder.LITTLE_ENDIAN);
        ShortVector low = pick(lowIndex(keys), table + i);
        ShortVector high = pick(highIndex(keys), table + LINE + i);
        all = all.add(low).add(high);
        odd = odd.add(upper(low)).add(upper(high));
      }
      table += 2 * LINE;
      line += (long) planes * LINE;
    }
    flush(all, odd, to - from, plane, scale);
  }

  private static ByteVector lowIndex(ByteVector keys) {
    return keys.and(NIBBLE).or(OCTETS);
  }

  private static ByteVector highIndex(ByteVector keys) {
    return keys.reinterpretAsShorts()
        .lanewise(VectorOperators.LSHR, 4)
        .reinterpretAsBytes()
        .and(NIBBLE)
        .or(OCTETS);
  }

  private ShortVector pick(ByteVector index, int table) {
    return index.selectFrom(ByteVector.fromArray(B, tables, table)).reinterpretAsShorts();
  }

  private static ShortVector upper(ShortVector lanes) {
    return lanes.lanewise(VectorOperators.LSHR, 8);
  }

  /** Adds the rows' sums times their scales to the segment. */
  private void flush(ShortVector all, ShortVector odd, int count, int plane, int scale) {
    short bias = (short) (BIAS * count);
    ShortVector evenRows = fold(all.sub(odd.lanewise(VectorOperators.LSHL, 8))).sub(bias);
    ShortVector oddRows = fold(odd).sub(bias);
    add(evenRows, oddRows, 0, plane, scale, 0);
    if (FLOATS == 4) {
      add(evenRows, oddRows, 1, plane, scale + 8, 8);
    }
  }

  /** Adds up the octets; the first eight lanes have the sums. */
  private static ShortVector fold(ShortVector lanes) {
    ShortVector sum = lanes;
    if (SHORTS == 32) {
      sum = sum.add(moved(sum, BY_8));
    }
    if (SHORTS >= 16) {
      sum = sum.add(moved(sum, BY_4));
    }
    return sum;
  }

  private static ShortVector moved(ShortVector lanes, VectorShuffle<Float> by) {
    return lanes.reinterpretAsFloats().rearrange(by).reinterpretAsShorts();
  }

  private void add(
      ShortVector evenRows, ShortVector oddRows, int part, int plane, int scale, int target) {
    FloatVector even = (FloatVector) evenRows.convertShape(VectorOperators.S2F, F, part);
    FloatVector odd = (FloatVector) oddRows.convertShape(VectorOperators.S2F, F, part);
    add(interleave(even, odd, FIRST_TWICE), plane, scale, target);
    if (FLOATS < TILE) {
      add(interleave(even, odd, SECOND_TWICE), plane, scale + FLOATS, target + FLOATS);
    }
  }

  private static FloatVector interleave(
      FloatVector even, FloatVector odd, VectorShuffle<Float> twice) {
    return even.rearrange(twice).blend(odd.rearrange(twice), ODD);
  }

  private void add(FloatVector rows, int plane, int scale, int target) {
    FloatVector scaled = rows.mul(FloatVector.fromArray(F, scales, scale));
    if (plane == 0) {
      scaled.intoArray(segment, target);
    } else {
      FloatVector.fromArray(F, segment, target).add(scaled).intoArray(segment, target);
    }
  }

  private void endSegment(int column, int span) {
    float factor = x.tableScales()[column * x.spans() + span];
    for (int i = 0; i < TILE; i += FLOATS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, segment, i).mul(factor))
          .intoArray(result, i);
    }
  }

  private void addOffset(int offset, int column, int group) {
    float sum = x.groupSums()[column * w.groups() + group];
    for (int i = 0; i < TILE; i += FLOATS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, scales, offset + i).mul(sum))
          .intoArray(result, i);
    }
  }
}
