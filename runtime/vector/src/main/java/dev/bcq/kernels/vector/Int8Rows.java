package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;

/** Stores keys and values in 8 bits. Their bytes lie far apart: no vector could store them. */
final class Int8Rows {
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int CHUNK_BYTES = Int8TileLayout.CHUNK_BYTES;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int TILE = BitPlaneLayout.TILE_ROWS;

  private Int8Rows() {}

  /** Stores key and value of a column in a row, head by head. */
  static void store(
      Activations keys,
      Activations values,
      int column,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo) {
    int width = memory.headWidth();
    float[] scales = memory.scales();
    for (int head = headFrom; head < headTo; head++) {
      int key = keys.at(column) + head * width;
      float maximum = Lanes.largestMagnitude(keys.values(), key, key + width);
      scales[memory.keyScalesAt(head) + row] = PreparedInput.scale(maximum);
      storeKey(keys.values(), key, PreparedInput.factor(maximum), memory, head, row);
      int value = values.at(column) + head * width;
      maximum = Lanes.largestMagnitude(values.values(), value, value + width);
      scales[memory.valueScalesAt(head) + row] = PreparedInput.scale(maximum);
      storeValue(values.values(), value, PreparedInput.factor(maximum), memory, head, row);
    }
  }

  /** Stores eight bytes of each octet, a line apart; octets are neighbours, chunks follow. */
  private static void storeKey(
      float[] x, int from, float factor, Int8KeyValues memory, int head, int row) {
    byte[] tiles = memory.tiles();
    int width = memory.headWidth();
    for (int first = 0; first < width; first += LINES) {
      int at = memory.keyAt(head, row, first);
      int length = Math.min(LINES, width - first);
      for (int i = 0; i < length; i++) {
        tiles[at + i * LINE] = rounded(x[from + first + i] * factor);
      }
    }
  }

  /** Stores sixteen bytes of each tile, four apart. */
  private static void storeValue(
      float[] x, int from, float factor, Int8KeyValues memory, int head, int row) {
    byte[] tiles = memory.tiles();
    int width = memory.headWidth();
    int tileBytes = memory.capacity() / CHUNK * CHUNK_BYTES;
    int at = memory.valueAt(head, row, 0);
    for (int first = 0; first < width; first += TILE) {
      int length = Math.min(TILE, width - first);
      for (int i = 0; i < length; i++) {
        tiles[at + i * 4] = rounded(x[from + first + i] * factor);
      }
      at += tileBytes;
    }
  }

  private static byte rounded(float x) {
    return (byte) (Elementary.round(x) + Int8TileLayout.ZERO);
  }
}
