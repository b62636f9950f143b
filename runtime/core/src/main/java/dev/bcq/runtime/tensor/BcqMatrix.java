package dev.bcq.runtime.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary-coded matrix: blocks of rows, each with its own number of planes, and the order of the
 * rows.
 */
public final class BcqMatrix implements Matrix {
  private final int rows;
  private final int cols;
  private final List<BitPlaneBlock> blocks;
  private final int @Nullable [] storedRows;

  /**
   * Creates a matrix.
   *
   * @param blocks stored rows in order
   * @param storedRows stored row of each row, or null if rows are stored in order; the array is
   *     kept
   */
  public BcqMatrix(List<BitPlaneBlock> blocks, int @Nullable [] storedRows) {
    this.blocks = List.copyOf(blocks);
    this.storedRows = storedRows;
    this.cols = blocks.get(0).cols();
    this.rows = blocks.stream().mapToInt(BitPlaneBlock::rows).sum();
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
    return blocks.stream().mapToLong(block -> block.bits().limit()).sum();
  }

  /** Returns the blocks of stored rows in order. */
  public List<BitPlaneBlock> blocks() {
    return blocks;
  }

  /**
   * Returns the stored row of each row, or null if rows are stored in order; callers do not change
   * it.
   */
  public int @Nullable [] storedRows() {
    return storedRows;
  }

  @Override
  public void readRow(int row, float[] into, int offset) {
    BitPlaneBlock block = blockOf(row);
    block.readRow(storedRow(row) - block.firstRow(), into, offset);
  }

  /** Returns where a row is stored. */
  public int storedRow(int row) {
    return storedRows == null ? row : storedRows[row];
  }

  /** Returns the block that a row is stored in. */
  public BitPlaneBlock blockOf(int row) {
    int stored = storedRow(row);
    for (int i = 0; i < blocks.size(); i++) {
      BitPlaneBlock block = blocks.get(i);
      if (stored < block.firstRow() + block.rows()) {
        return block;
      }
    }
    throw new IndexOutOfBoundsException("row " + row + " of " + rows);
  }
}
