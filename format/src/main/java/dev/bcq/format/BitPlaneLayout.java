package dev.bcq.format;

/**
 * Arithmetic of layout T16, in which bit-planes and scales lie in the file.
 *
 * <p>Rows are cut into tiles of 16, columns into chunks of 32; both are padded. One line of 64
 * bytes holds 16 rows x 32 columns of one plane: byte {@code o * 16 + r} is row {@code 16 t + r},
 * columns {@code 32 c + 8 o} to {@code + 7}, least significant bit first; a one is +1, a zero -1.
 * Lines are ordered by tile, chunk, plane. Scales are ordered [tile][group][slot][16 rows], a slot
 * for each plane and one more for the offset where there is one. Padded bits and scales are zero.
 */
public final class BitPlaneLayout {

  /** Rows of a tile. */
  public static final int TILE_ROWS = 16;

  /** Columns of a chunk. */
  public static final int CHUNK_COLS = 32;

  /** Bytes of a line. */
  public static final int LINE_BYTES = 64;

  /** Most planes of a matrix. */
  public static final int MAX_PLANES = 8;

  private BitPlaneLayout() {}

  /** Returns the number of row tiles. */
  public static int tiles(int rows) {
    return (int) (((long) rows + TILE_ROWS - 1) / TILE_ROWS);
  }

  /** Returns the number of column chunks. */
  public static int chunks(int cols) {
    return (int) (((long) cols + CHUNK_COLS - 1) / CHUNK_COLS);
  }

  /**
   * Returns the number of groups of a row.
   *
   * @param groupSize columns of a group, 0 = the whole row
   */
  public static int groups(int cols, int groupSize) {
    return groupSize == 0 ? 1 : (int) (((long) cols + groupSize - 1) / groupSize);
  }

  /** Returns the bytes of the planes of a block of rows. */
  public static long bitsLength(int rows, int cols, int planes) {
    return (long) tiles(rows) * chunks(cols) * planes * LINE_BYTES;
  }

  /** Returns the number of scales and offsets of a block of rows, padding included. */
  public static long scaleCount(int rows, int cols, int planes, int groupSize, boolean offset) {
    return (long) tiles(rows) * groups(cols, groupSize) * (planes + (offset ? 1 : 0)) * TILE_ROWS;
  }

  /** Returns the first byte of the line of a tile, chunk and plane. */
  public static long lineOffset(int tile, int chunk, int plane, int chunks, int planes) {
    return ((((long) tile * chunks) + chunk) * planes + plane) * LINE_BYTES;
  }

  /** Returns the byte that holds a weight's bit; the bit within it is {@code col & 7}. */
  public static long byteOffset(int row, int col, int plane, int chunks, int planes) {
    return lineOffset(row / TILE_ROWS, col / CHUNK_COLS, plane, chunks, planes)
        + (long) ((col % CHUNK_COLS) >> 3) * TILE_ROWS
        + row % TILE_ROWS;
  }

  /** Returns the number of the scale of a row, group and slot. */
  public static long scaleIndex(int row, int group, int slot, int groups, int slots) {
    return ((((long) (row / TILE_ROWS) * groups) + group) * slots + slot) * TILE_ROWS
        + row % TILE_ROWS;
  }
}
