package dev.bcq.runtime.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A row-major float32 matrix in a direct buffer. */
public final class FloatMatrix implements Matrix {
  private final int rows;
  private final int cols;
  private final ByteBuffer bytes;
  private final FloatBuffer values;
  private final Views<FloatMatrix> views = new Views<>(this);

  /**
   * Wraps a buffer without copying it.
   *
   * @param bytes direct, little-endian, {@code 4 * rows * cols} bytes from position 0
   */
  public FloatMatrix(int rows, int cols, ByteBuffer bytes) {
    this.rows = rows;
    this.cols = cols;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.values = this.bytes.asFloatBuffer();
    assert values.remaining() == Math.multiplyExact(rows, cols);
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
    return bytes.limit();
  }

  /** Returns the weights' bytes; callers use absolute access only. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Returns the weights; callers use absolute access only. */
  public FloatBuffer values() {
    return values;
  }

  /** Returns the providers' views of the weights. */
  public Views<FloatMatrix> views() {
    return views;
  }

  @Override
  public void readRow(int row, float[] into, int offset) {
    int from = row * cols;
    for (int col = 0; col < cols; col++) {
      into[offset + col] = values.get(from + col);
    }
  }
}
