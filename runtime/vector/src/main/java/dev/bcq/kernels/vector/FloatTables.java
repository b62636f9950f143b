package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;

/**
 * Builds the float tables: as many of the 16 entries as a vector has lanes. Vectors of four lanes
 * add signs themselves and need none.
 */
final class FloatTables {

  private FloatTables() {}

  static void prepare(PreparedInput input) {
    if (Lanes.LENGTH == 4) {
      return;
    }
    float[] x = input.floats();
    float[] tables = input.floatTables();
    int nibbles = input.columns() * input.chunks() * 8;
    for (int nibble = 0; nibble < nibbles; nibble++) {
      ByteTables.signedSums(x, nibble * 4, 0).intoArray(tables, nibble * Lanes.LENGTH);
    }
  }
}
