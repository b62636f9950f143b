package dev.bcq.runtime.tensor;

import dev.bcq.format.BitPlaneLayout;

/** Weights [rows, cols] of a linear map: rows are outputs, cols are inputs. */
public sealed interface Matrix permits BcqMatrix, FloatMatrix, InputScaledMatrix, Int8Matrix {

  /** Returns the number of outputs. */
  int rows();

  /** Returns the number of inputs. */
  int cols();

  /** Returns the number of tiles of 16 rows, the last of which may be short. */
  default int tiles() {
    return BitPlaneLayout.tiles(rows());
  }

  /** Returns the bytes of the weights, without their scales. */
  long byteCount();

  /**
   * Writes one row as floats, as an embedding lookup does.
   *
   * @param row 0 .. rows - 1
   * @param into receives cols values
   * @param offset index of the first
   */
  void readRow(int row, float[] into, int offset);
}
