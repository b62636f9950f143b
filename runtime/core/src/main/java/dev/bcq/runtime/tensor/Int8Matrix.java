package dev.bcq.runtime.tensor;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A matrix {@code W[r,c] = scale[r] * q[r,c]} of signed bytes in a direct buffer, in the order of
 * {@link Int8TileLayout}.
 */
public final class Int8Matrix implements Matrix {
  private final int rows;
  private final int cols;
  private final ByteBuffer values;
  private final float[] scales;
  private final Views<Int8Matrix> views = new Views<>(this);

  /**
   * Wraps a buffer without copying it.
   *
   * @param values direct, the tiles from position 0; right at any alignment, fast at 64 bytes
   * @param scales scale of each row; the array is kept
   */
  public Int8Matrix(int rows, int cols, ByteBuffer values, float[] scales) {
    this.rows = rows;
    this.cols = cols;
    this.values = values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.scales = scales;
    assert values.remaining() == Int8TileLayout.valuesLength(rows, cols) && scales.length == rows;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public long byteCount() {
    return values.limit();
  }

  /** Returns the number of column chunks. */
  public int chunks() {
    return BitPlaneLayout.chunks(cols);
  }

  /** Returns the bytes, little-endian; callers use absolute access only. */
  public ByteBuffer values() {
    return values;
  }

  /** Returns the scale of each row; callers do not change it. */
  public float[] scales() {
    return scales;
  }

  /** Returns the providers' views of bytes and scales. */
  public Views<Int8Matrix> views() {
    return views;
  }

  @Override
  public void readRow(int row, float[] into, int offset) {
    int chunks = chunks();
    for (int col = 0; col < cols; col++) {
      int value = values.get((int) Int8TileLayout.byteOffset(row, col, chunks)) & 0xff;
      into[offset + col] = scales[row] * (value - Int8TileLayout.ZERO);
    }
  }
}
