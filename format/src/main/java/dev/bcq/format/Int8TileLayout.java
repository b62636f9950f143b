package dev.bcq.format;

/**
 * Arithmetic of the layout in which int8 weights lie in the file.
 *
 * <p>Rows are cut into tiles of 16, columns into chunks of 32, as in {@link BitPlaneLayout}; both
 * are padded. A tile and chunk has eight lines of 64 bytes: byte {@code 4 r + o} of line j is row
 * {@code 16 t + r}, column {@code 32 c + 8 o + j}. So four neighbouring bytes belong to one row,
 * and a line to 16 rows: what instructions for sums of four byte products read at once. Lines are
 * ordered by tile, chunk, j. A byte is the weight plus 128, unsigned.
 */
public final class Int8TileLayout {
  /** Lines of a tile and chunk. */
  public static final int LINES = 8;

  /** Bytes of a tile and chunk. */
  public static final int CHUNK_BYTES = LINES * BitPlaneLayout.LINE_BYTES;

  /** What a byte is larger by than its weight, and so the byte of a padded weight. */
  public static final int ZERO = 128;

  private Int8TileLayout() {}

  /** Returns the bytes of all weights, padding included. */
  public static long valuesLength(int rows, int cols) {
    return (long) BitPlaneLayout.tiles(rows) * BitPlaneLayout.chunks(cols) * CHUNK_BYTES;
  }

  /** Returns the byte of a weight. */
  public static long byteOffset(int row, int col, int chunks) {
    long chunk = (long) (row / BitPlaneLayout.TILE_ROWS) * chunks + col / BitPlaneLayout.CHUNK_COLS;
    return chunk * CHUNK_BYTES
        + (long) (col % LINES) * BitPlaneLayout.LINE_BYTES
        + (row % BitPlaneLayout.TILE_ROWS) * 4L
        + (col % BitPlaneLayout.CHUNK_COLS) / LINES;
  }
}
