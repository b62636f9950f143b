package dev.bcq.kernels.vector;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors of all kernels: as wide as the CPU's registers, or as the system property says. Wider
 * ones than the CPU has are emulated, with the same bits and about a hundred times slower: so every
 * width can be tested everywhere.
 */
final class Species {
  /** System property that sets the width, in bits. */
  static final String PROPERTY = "bcq.vector.bits";

  private static final int NARROWEST = 128;
  private static final int WIDEST = 512;

  /** Bits of the CPU's registers; the kernels have no use for more than 512. */
  private static final int CPU_BITS =
      Math.min(VectorShape.preferredShape().vectorBitSize(), WIDEST);

  /** Bits of a vector. */
  static final int BITS = Integer.getInteger(PROPERTY, CPU_BITS);

  private static final VectorShape SHAPE = VectorShape.forBitSize(usable() ? BITS : NARROWEST);
  static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);
  static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, SHAPE);

  private Species() {}

  /** Returns whether there are kernels for this width. */
  static boolean usable() {
    return BITS == NARROWEST || BITS == 256 || BITS == WIDEST;
  }

  /** Returns the width in words. */
  static String detail() {
    if (!usable()) {
      return BITS + "-bit vectors; there are kernels for 128, 256 and 512 bits";
    }
    return BITS + "-bit vectors" + (BITS > CPU_BITS ? ", emulated: " + PROPERTY + " is set" : "");
  }
}
