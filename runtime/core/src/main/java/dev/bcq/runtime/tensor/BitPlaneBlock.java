package dev.bcq.runtime.tensor;

import dev.bcq.format.BitPlaneLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rows that have the same number of bit-planes: {@code W[r,c] = sum_p scale[r,g(c),p] * B_p[r,c] +
 * z[r,g(c)]}, in layout T16 (see {@link BitPlaneLayout}).
 */
public final class BitPlaneBlock {
  private final int firstRow;
  private final int rows;
  private final int cols;
  private final int planes;
  private final int groupChunks;
  private final boolean offset;
  private final ByteBuffer bits;
  private final float[] scales;
  private final Views<BitPlaneBlock> views = new Views<>(this);

  /**
   * Wraps planes without copying them.
   *
   * @param firstRow stored row of the matrix that the block begins with
   * @param groupSize columns of a group, a multiple of 32; 0 = the whole row
   * @param offset whether the last slot of each group is z
   * @param bits direct, the planes from position 0; right at any alignment, fast at 64 bytes
   * @param scales [tile][group][slot][16]; the array is kept
   */
  public BitPlaneBlock(
      int firstRow,
      int rows,
      int cols,
      int planes,
      int groupSize,
      boolean offset,
      ByteBuffer bits,
      float[] scales) {
    this.firstRow = firstRow;
    this.rows = rows;
    this.cols = cols;
    this.planes = planes;
    this.groupChunks =
        groupSize == 0 ? BitPlaneLayout.chunks(cols) : groupSize / BitPlaneLayout.CHUNK_COLS;
    this.offset = offset;
    this.bits = bits.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.scales = scales;
    assert bits.remaining() == BitPlaneLayout.bitsLength(rows, cols, planes);
    assert scales.length == BitPlaneLayout.scaleCount(rows, cols, planes, groupSize, offset);
  }

  /** Returns the stored row of the matrix that the block begins with. */
  public int firstRow() {
    return firstRow;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of columns, without padding. */
  public int cols() {
    return cols;
  }

  /** Returns the number of planes, 1 to 8. */
  public int planes() {
    return planes;
  }

  /** Returns the number of row tiles. */
  public int tiles() {
    return BitPlaneLayout.tiles(rows);
  }

  /** Returns the number of column chunks. */
  public int chunks() {
    return BitPlaneLayout.chunks(cols);
  }

  /** Returns the number of chunks that share scales. */
  public int groupChunks() {
    return groupChunks;
  }

  /** Returns the number of groups of a row. */
  public int groups() {
    return (chunks() + groupChunks - 1) / groupChunks;
  }

  /** Returns whether there is an offset z. */
  public boolean hasOffset() {
    return offset;
  }

  /** Returns the slots of a group: planes, and one more for the offset. */
  public int slots() {
    return offset ? planes + 1 : planes;
  }

  /** Returns the planes, little-endian; callers use absolute access only. */
  public ByteBuffer bits() {
    return bits;
  }

  /** Returns scales and offsets, [tile][group][slot][16]; callers do not change them. */
  public float[] scales() {
    return scales;
  }

  /** Returns the providers' views of bits and scales. */
  public Views<BitPlaneBlock> views() {
    return views;
  }

  /**
   * Writes one row as floats: the scales added up in the order of the planes, the offset last.
   *
   * @param row row of the block
   * @param into receives cols values from {@code at}
   */
  public void readRow(int row, float[] into, int at) {
    int chunks = chunks();
    int groups = groups();
    int slots = slots();
    int lane = row % BitPlaneLayout.TILE_ROWS;
    int tile = row / BitPlaneLayout.TILE_ROWS;
    for (int col = 0; col < cols; col++) {
      int chunk = col / BitPlaneLayout.CHUNK_COLS;
      int scale = ((tile * groups + chunk / groupChunks) * slots) * 16 + lane;
      int octet =
          (tile * chunks + chunk) * planes * 64 + ((col % BitPlaneLayout.CHUNK_COLS) >> 3) * 16;
      float sum = 0;
      for (int plane = 0; plane < planes; plane++) {
        int bit = (bits.get(octet + plane * 64 + lane) >> (col & 7)) & 1;
        sum += bit == 1 ? scales[scale + plane * 16] : -scales[scale + plane * 16];
      }
      into[at + col] = offset ? sum + scales[scale + planes * 16] : sum;
    }
  }
}
