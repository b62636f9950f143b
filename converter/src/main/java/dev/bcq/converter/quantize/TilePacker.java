package dev.bcq.converter.quantize;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import java.nio.ByteBuffer;

/** Packs signed bytes into the tiles of {@link Int8TileLayout}; what is not put stays zero. */
final class TilePacker {
  private final ByteBuffer values;
  private final int chunks;

  /**
   * Prepares for a matrix.
   *
   * @throws QuantizationException if it has more bytes than a buffer
   */
  TilePacker(String name, int rows, int cols) {
    long length = Int8TileLayout.valuesLength(rows, cols);
    this.values = MatrixEncoder.allocate(name, length);
    this.chunks = BitPlaneLayout.chunks(cols);
    while (values.hasRemaining()) {
      values.put((byte) Int8TileLayout.ZERO);
    }
    values.flip();
  }

  /** Puts one weight, -127 to 127. */
  void put(int row, int col, byte weight) {
    int at = (int) Int8TileLayout.byteOffset(row, col, chunks);
    values.put(at, (byte) (weight + Int8TileLayout.ZERO));
  }

  /** Returns all weights. */
  ByteBuffer values() {
    return values;
  }
}
