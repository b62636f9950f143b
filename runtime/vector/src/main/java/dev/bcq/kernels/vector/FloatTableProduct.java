package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes times activations in float32. With 16 lanes a table of 16 signed sums is one vector,
 * and a key picks from it; with fewer lanes the signs are applied and added, which are the same
 * additions.
 */
final class FloatTableProduct {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int FLOATS = F.length();
  private static final int TILE = 16;
  private static final int LINE = 64;

  /** Keys that are loaded at once: 16 where a vector has as many integers, else 8. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(FLOATS == TILE ? 128 : 64));

  private final BitPlaneBlock w;
  private final PreparedInput x;
  private final MemorySegment bits;
  private final float[] scales;
  private final int planes;
  private final int chunks;

  /** Sum of the present group. */
  private final float[] segment = new float[TILE];

  /** Sum of all groups so far. */
  private final float[] result = new float[TILE];

  FloatTableProduct(BitPlaneBlock w, PreparedInput x) {
    this.w = w;
    this.x = x;
    this.bits = MemorySegment.ofBuffer(w.bits());
    this.scales = w.scales();
    this.planes = w.planes();
    this.chunks = w.chunks();
  }

  void multiply(int tileFrom, int tileTo, float[] y, int yOffset, int yStride) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        tile(tile, column);
        System.arraycopy(result, 0, y, yOffset + column * yStride + tile * TILE, rows);
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
          for (int row = 0; row < TILE; row += 8) {
            addSigned(tile, column, plane, from, to, scale + plane * TILE, row);
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
        IntVector keys =
            (IntVector)
                ByteVector.fromMemorySegment(B, bits, line + octet, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
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

  private void addSigned(int tile, int column, int plane, int from, int to, int scale, int row) {
    float[] values = x.floats();
    FloatVector first = FloatVector.zero(F);
    FloatVector second = first;
    int at = (column * chunks + from) * 32;
    long line = (((long) tile * chunks + from) * planes + plane) * LINE + row;
    for (int chunk = from; chunk < to; chunk++) {
      for (int octet = 0; octet < LINE; octet += TILE) {
        ByteVector keys =
            ByteVector.fromMemorySegment(B, bits, line + octet, ByteOrder.LITTLE_ENDIAN);
        IntVector flipped = ((IntVector) keys.convertShape(VectorOperators.B2I, I, 0)).not();
        first = first.add(signedSum(flipped, values, at, 31));
        first = first.add(signedSum(flipped, values, at + 4, 27));
        if (FLOATS == 4) {
          IntVector more = ((IntVector) keys.convertShape(VectorOperators.B2I, I, 1)).not();
          second = second.add(signedSum(more, values, at, 31));
          second = second.add(signedSum(more, values, at + 4, 27));
        }
        at += 8;
      }
      line += (long) planes * LINE;
    }
    scale(first, plane, scale + row, row);
    if (FLOATS == 4) {
      scale(second, plane, scale + row + 4, row + 4);
    }
  }

  /**
   * Adds four values, negative where the key's bit, inverted here, is one; {@code shift} brings bit
   * 0 to the sign.
   */
  private static FloatVector signedSum(IntVector flipped, float[] x, int at, int shift) {
    return signed(flipped, x[at], shift)
        .add(signed(flipped, x[at + 1], shift - 1))
        .add(signed(flipped, x[at + 2], shift - 2))
        .add(signed(flipped, x[at + 3], shift - 3));
  }

  private static FloatVector signed(IntVector flipped, float value, int shift) {
    return flipped
        .lanewise(VectorOperators.LSHL, shift)
        .and(0x80000000)
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
