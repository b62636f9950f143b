package dev.bcq.runtime.tensor;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;

/**
 * Keys and values of the heads of an attention in 8 bits, with a scale for each row and head. Each
 * head has two matrices in the tiles of {@link Int8TileLayout}: its keys, [rows][head width], and
 * its values, [head width][rows], so that scores and weighted sums are both products of tiles.
 *
 * <p>A row is a position, or one of several that compete for it. Rows that nobody has stored hold
 * anything.
 */
public final class Int8KeyValues {
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;

  private final int heads;
  private final int headWidth;
  private final int capacity;
  private final byte[] tiles;
  private final float[] scales;
  private final Views<Int8KeyValues> views = new Views<>(this);

  /**
   * Wraps arrays, which are kept.
   *
   * @param capacity rows that there is room for, a multiple of 32
   * @param tiles {@link #tilesLength} bytes at least, of any content
   * @param scales {@link #scalesLength} floats at least, of any content
   */
  public Int8KeyValues(int heads, int headWidth, int capacity, byte[] tiles, float[] scales) {
    this.heads = heads;
    this.headWidth = headWidth;
    this.capacity = capacity;
    this.tiles = tiles;
    this.scales = scales;
  }

  /** Returns the capacity that some rows need. */
  public static int capacity(int rows) {
    return BitPlaneLayout.chunks(rows) * CHUNK;
  }

  /** Returns the bytes of all keys and values. */
  public static long tilesLength(int heads, int headWidth, int capacity) {
    return heads * headLength(headWidth, capacity);
  }

  /** Returns the number of scales, two for each row and head. */
  public static long scalesLength(int heads, int capacity) {
    return 2L * heads * capacity;
  }

  private static long headLength(int headWidth, int capacity) {
    return Int8TileLayout.valuesLength(capacity, headWidth)
        + Int8TileLayout.valuesLength(headWidth, capacity);
  }

  /** Returns the number of heads. */
  public int heads() {
    return heads;
  }

  /** Returns the width of a head. */
  public int headWidth() {
    return headWidth;
  }

  /** Returns the rows that there is room for. */
  public int capacity() {
    return capacity;
  }

  /**
   * Returns the bytes: for each head the tiles of its keys, then those of its values.
   *
   * @see #keysAt
   */
  public byte[] tiles() {
    return tiles;
  }

  /** Returns the scales: for each head those of its keys, [capacity], then those of its values. */
  public float[] scales() {
    return scales;
  }

  /** Returns the index of the first byte of a head's keys. */
  public int keysAt(int head) {
    return (int) (head * headLength(headWidth, capacity));
  }

  /** Returns the index of the first byte of a head's values. */
  public int valuesAt(int head) {
    return (int) (keysAt(head) + Int8TileLayout.valuesLength(capacity, headWidth));
  }

  /** Returns the index of the byte of value i of a key. */
  public int keyAt(int head, int row, int i) {
    return keysAt(head) + (int) Int8TileLayout.byteOffset(row, i, BitPlaneLayout.chunks(headWidth));
  }

  /** Returns the index of the byte of value i of a value. */
  public int valueAt(int head, int row, int i) {
    return valuesAt(head) + (int) Int8TileLayout.byteOffset(i, row, capacity / CHUNK);
  }

  /** Returns the index of the scale of a head's key in row 0; those of other rows follow. */
  public int keyScalesAt(int head) {
    return 2 * head * capacity;
  }

  /** Returns the index of the scale of a head's value in row 0; those of other rows follow. */
  public int valueScalesAt(int head) {
    return keyScalesAt(head) + capacity;
  }

  /** Copies the rows that another of the same shape has room for, fewer than this one. */
  public void copyRows(Int8KeyValues from) {
    int chunks = capacity / CHUNK;
    int chunksFrom = from.capacity / CHUNK;
    int keys = from.capacity / TILE * BitPlaneLayout.chunks(headWidth) * Int8TileLayout.CHUNK_BYTES;
    for (int head = 0; head < heads; head++) {
      System.arraycopy(from.tiles, from.keysAt(head), tiles, keysAt(head), keys);
      for (int tile = 0; tile < BitPlaneLayout.tiles(headWidth); tile++) {
        System.arraycopy(
            from.tiles,
            from.valuesAt(head) + tile * chunksFrom * Int8TileLayout.CHUNK_BYTES,
            tiles,
            valuesAt(head) + tile * chunks * Int8TileLayout.CHUNK_BYTES,
            chunksFrom * Int8TileLayout.CHUNK_BYTES);
      }
      int scalesFrom = from.keyScalesAt(head);
      System.arraycopy(from.scales, scalesFrom, scales, keyScalesAt(head), from.capacity);
      scalesFrom = from.valueScalesAt(head);
      System.arraycopy(from.scales, scalesFrom, scales, valueScalesAt(head), from.capacity);
    }
  }

  /** Returns the providers' views of the arrays. */
  public Views<Int8KeyValues> views() {
    return views;
  }
}
