package dev.bcq.runtime.tensor;

import java.nio.ByteBuffer;

/** A matrix {@code W[r,c] = scale[r] * q[r,c]} of signed bytes in a direct buffer. */
public final class Int8Matrix implements Matrix {
  private final int rows;
  private final int cols;
  private final ByteBuffer values;
  private final float[] scales;

  /**
   * Wraps a buffer without copying it.
   *
   * @param values direct, {@code rows * cols} row-major bytes in -127..127 from position 0
   * @param scales scale of each row; the array is kept
   */
  public Int8Matrix(int rows, int cols, ByteBuffer values, float[] scales) {
    this.rows = rows;
    this.cols = cols;
    this.values = values;
    this.scales = scales;
    assert values.remaining() == Math.multiplyExact(rows, cols) && scales.length == rows;
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

  /** Returns the bytes; callers use absolute access only. */
  public ByteBuffer values() {
    return values;
  }

  /** Returns the scale of each row; callers do not change it. */
  public float[] scales() {
    return scales;
  }

  @Override
  public void readRow(int row, float[] into, int offset) {
    int from = row * cols;
    for (int col = 0; col < cols; col++) {
      into[offset + col] = scales[row] * values.get(from + col);
    }
  }
}
