package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes times bit-slices. A lane has the 32 bits of a row that a chunk of a plane has; bits in
 * common with a slice are counted in all rows at once.
 */
final class BitSliceProduct {
  private static final VectorSpecies<Byte> B = Species.BYTES;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int ROWS = I.length();
  private static final int TILE = 16;
  private static final int LINE = 64;
  private static final int SPAN_CHUNKS = 4;
  private static final int SLICES = PreparedInput.SLICES;

  /** Where the octets of each row are in a line that one vector holds. */
  private static final ByteVector BY_ROWS = byRows();

  private BitPlaneBlock w;
  private final PreparedInput x;
  private MemorySegment bits;
  private final int[] slices;
  private float[] scales;
  private int planes;
  private int chunks;

  /** Sum of the present segment for each row. */
  private final float[] segment = new float[TILE];

  /** Sum of all segments so far. */
  private final float[] result = new float[TILE];

  private BitSliceProduct(BitPlaneBlock w, PreparedInput x) {
    this.x = x;
    this.slices = x.bitSlices();
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
    Pool<BitSliceProduct> pool = VectorViews.of(x).bitSliceProducts;
    BitSliceProduct product = pool.take();
    if (product == null) {
      product = new BitSliceProduct(w, x);
    } else {
      product.begin(w);
    }
    product.multiply(tileFrom, tileTo, y);
    pool.give(product);
  }

  private static ByteVector byRows() {
    byte[] lanes = new byte[B.length()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (byte) ((i % 4 * TILE + i / 4) % B.length());
    }
    return ByteVector.fromArray(B, lanes, 0);
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
    int groupChunks = w.groupChunks();
    int slots = w.slots();
    int group = 0;
    int groupEnd = Math.min(groupChunks, chunks);
    for (int from = 0; from < chunks; ) {
      int to = Math.min((from & -SPAN_CHUNKS) + SPAN_CHUNKS, groupEnd);
      int scale = (tile * w.groups() + group) * slots * TILE;
      int all = x.sumOfChunks(column, from, to);
      for (int plane = 0; plane < planes; plane++) {
        int alphas = scale + plane * TILE;
        if (ROWS == TILE && to - from == SPAN_CHUNKS) {
          countSpan(tile, column, plane, from, all, alphas);
        } else {
          for (int row = 0; row < TILE; row += ROWS) {
            count(tile, column, plane, from, to, row, all, alphas + row);
          }
        }
      }
      endSegment(column, from / SPAN_CHUNKS);
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

  /**
   * Adds up the bytes of a whole span where a plane has ones, for all rows at once: 1.4 times as
   * fast as {@link #count}, but too large for the compiler to inline where vectors are narrower,
   * and what it does not inline keeps its vectors on the heap.
   */
  private void countSpan(int tile, int column, int plane, int from, int all, int scale) {
    long line = (((long) tile * chunks + from) * planes + plane) * LINE;
    long next = (long) planes * LINE;
    IntVector rows0 = rows(line);
    IntVector rows1 = rows(line + next);
    IntVector rows2 = rows(line + 2 * next);
    IntVector rows3 = rows(line + 3 * next);
    int first = (column * chunks + from) * SLICES;
    int last = first + SLICES - 1;
    IntVector ones =
        IntVector.zero(I)
            .sub(common(rows0, last))
            .sub(common(rows1, last + SLICES))
            .sub(common(rows2, last + 2 * SLICES))
            .sub(common(rows3, last + 3 * SLICES));
    for (int slice = last - 1; slice >= first; slice--) {
      ones =
          ones.add(ones)
              .add(common(rows0, slice).add(common(rows1, slice + SLICES)))
              .add(common(rows2, slice + 2 * SLICES).add(common(rows3, slice + 3 * SLICES)));
    }
    add(ones, all, plane, scale, 0);
  }

  /** Adds up the bytes of a segment where a plane has ones. */
  private void count(
      int tile, int column, int plane, int from, int to, int row, int all, int scale) {
    IntVector ones = IntVector.zero(I);
    long line = (((long) tile * chunks + from) * planes + plane) * LINE + row;
    int first = (column * chunks + from) * SLICES;
    for (int chunk = from; chunk < to; chunk++) {
      IntVector rows = rows(line);
      IntVector sum = IntVector.zero(I).sub(common(rows, first + SLICES - 1));
      for (int slice = first + SLICES - 2; slice >= first; slice--) {
        sum = sum.add(sum).add(common(rows, slice));
      }
      ones = ones.add(sum);
      line += (long) planes * LINE;
      first += SLICES;
    }
    add(ones, all, plane, scale, row);
  }

  /** Returns how many ones a slice has in common with each row. */
  private IntVector common(IntVector keys, int slice) {
    return keys.and(slices[slice]).lanewise(VectorOperators.BIT_COUNT);
  }

  /** Returns a chunk of as many rows as a vector has lanes. */
  private IntVector rows(long at) {
    if (ROWS == TILE) {
      ByteVector line = ByteVector.fromMemorySegment(B, bits, at, ByteOrder.LITTLE_ENDIAN);
      return BY_ROWS.selectFrom(line).reinterpretAsInts();
    }
    IntVector low =
        Octets.load(bits, at).or(Octets.load(bits, at + TILE).lanewise(VectorOperators.LSHL, 8));
    IntVector high =
        Octets.load(bits, at + 2 * TILE)
            .or(Octets.load(bits, at + 3 * TILE).lanewise(VectorOperators.LSHL, 8));
    return low.or(high.lanewise(VectorOperators.LSHL, 16));
  }

  /**
   * Adds the rows' dot products, times their scales, to the segment.
   *
   * @param ones sums of the bytes where the plane has ones
   * @param all sum of all bytes
   */
  private void add(IntVector ones, int all, int plane, int scale, int target) {
    IntVector products = ones.add(ones).sub(all);
    FloatVector dots = (FloatVector) products.convertShape(VectorOperators.I2F, F, 0);
    FloatVector scaled = dots.mul(FloatVector.fromArray(F, scales, scale));
    if (plane == 0) {
      scaled.intoArray(segment, target);
    } else {
      FloatVector.fromArray(F, segment, target).add(scaled).intoArray(segment, target);
    }
  }

  private void endSegment(int column, int span) {
    float factor = x.sliceScales()[column * x.spans() + span];
    for (int i = 0; i < TILE; i += ROWS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, segment, i).mul(factor))
          .intoArray(result, i);
    }
  }

  private void addOffset(int offset, int column, int group) {
    float sum = x.groupSums()[column * w.groups() + group];
    for (int i = 0; i < TILE; i += ROWS) {
      FloatVector.fromArray(F, result, i)
          .add(FloatVector.fromArray(F, scales, offset + i).mul(sum))
          .intoArray(result, i);
    }
  }
}
