package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Builds the tables of signed sums. Byte entries are kept 128 larger than they are, so that sums of
 * them can be taken as unsigned halves of 16-bit lanes.
 */
final class ByteTables {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final int LENGTH = Lanes.LENGTH;
  private static final int ENTRIES = 16;
  private static final byte BIAS = (byte) 0x80;

  /**
   * Bytes of as many lanes as a float vector has; at 128 bits there is no such shape, and this one
   * is not used.
   */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(
          byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / Float.BYTES)));

  /** Sign bit of each column for the entries 0..15: set where the entry's bit is zero. */
  private static final int[] SIGNS = signs();

  private ByteTables() {}

  private static int[] signs() {
    int[] signs = new int[4 * ENTRIES];
    for (int column = 0; column < 4; column++) {
      for (int entry = 0; entry < ENTRIES; entry++) {
        signs[column * ENTRIES + entry] = ((entry >> column) & 1) == 1 ? 0 : 0x80000000;
      }
    }
    return signs;
  }

  static void prepare(PreparedInput input) {
    float[] x = input.floats();
    for (int column = 0; column < input.columns(); column++) {
      int first = column * input.chunks();
      for (int span = 0; span < input.spans(); span++) {
        int chunkFrom = first + span * 4;
        int chunkTo = first + Math.min(span * 4 + 4, input.chunks());
        float maximum = maximum(x, chunkFrom * 32, chunkTo * 32);
        input.tableScales()[column * input.spans() + span] = PreparedInput.scale(maximum);
        float factor = PreparedInput.factor(maximum);
        for (int chunk = chunkFrom; chunk < chunkTo; chunk++) {
          chunk(x, chunk * 32, factor, input.byteTables(), chunk * 128);
        }
      }
    }
  }

  private static float maximum(float[] x, int from, int to) {
    float maximum = 0;
    for (int i = from; i < to; i += 4) {
      float sum = Math.abs(x[i]) + Math.abs(x[i + 1]) + Math.abs(x[i + 2]) + Math.abs(x[i + 3]);
      maximum = Math.max(maximum, sum);
    }
    return maximum;
  }

  private static void chunk(float[] x, int from, float factor, byte[] tables, int at) {
    for (int nibble = 0; nibble < 8; nibble++) {
      int table = at + (nibble & 1) * 64 + (nibble >> 1) * ENTRIES;
      for (int entry = 0; entry < ENTRIES; entry += LENGTH) {
        FloatVector scaled = signedSums(x, from + nibble * 4, entry).mul(factor);
        FloatVector rounded = scaled.add(Elementary.ROUNDER).sub(Elementary.ROUNDER);
        store(rounded, tables, table + entry);
      }
    }
  }

  private static void store(FloatVector rounded, byte[] tables, int at) {
    if (LENGTH == 4) {
      tables[at] = (byte) (int) (rounded.lane(0) + 128);
      tables[at + 1] = (byte) (int) (rounded.lane(1) + 128);
      tables[at + 2] = (byte) (int) (rounded.lane(2) + 128);
      tables[at + 3] = (byte) (int) (rounded.lane(3) + 128);
    } else {
      ByteVector bytes = (ByteVector) rounded.convertShape(VectorOperators.F2B, B, 0);
      bytes.lanewise(VectorOperators.XOR, BIAS).intoArray(tables, at);
    }
  }

  /** Returns entries {@code entry ..} of the sums of four values. */
  static FloatVector signedSums(float[] x, int at, int entry) {
    return signed(x[at], entry)
        .add(signed(x[at + 1], ENTRIES + entry))
        .add(signed(x[at + 2], 2 * ENTRIES + entry))
        .add(signed(x[at + 3], 3 * ENTRIES + entry));
  }

  private static FloatVector signed(float value, int signs) {
    return IntVector.broadcast(I, Float.floatToRawIntBits(value))
        .lanewise(VectorOperators.XOR, IntVector.fromArray(I, SIGNS, signs))
        .reinterpretAsFloats();
  }
}
