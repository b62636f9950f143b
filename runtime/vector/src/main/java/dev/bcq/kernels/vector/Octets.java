package dev.bcq.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Bytes of a plane, which hold eight columns of a row each, as lanes of 32 bits. */
final class Octets {
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final int ROWS = I.length();

  /** Bytes that widen to one vector; not used with 4 lanes, which have no such shape. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, ROWS * 8)));

  private static final ValueLayout.OfInt FOUR =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What brings the octet of each of four rows to the lowest byte. */
  private static final IntVector TO_LOWEST = IntVector.fromArray(I, toLowest(), 0);

  private Octets() {}

  private static int[] toLowest() {
    int[] lanes = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      lanes[i] = i % 4 * 8;
    }
    return lanes;
  }

  /** Returns the octets of as many rows as a vector has lanes. */
  static IntVector load(MemorySegment bits, long at) {
    if (ROWS == 4) {
      return IntVector.broadcast(I, bits.get(FOUR, at))
          .lanewise(VectorOperators.LSHR, TO_LOWEST)
          .and(0xff);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(B, bits, at, ByteOrder.LITTLE_ENDIAN)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }
}
