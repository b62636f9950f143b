package dev.bcq.runtime.kernels;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;

/** The scalar kernel that turns bit-planes into int8 levels: the reference of that arithmetic. */
final class ScalarLevels {
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;
  private static final int OCTETS = 4;
  private static final int OCTET = 8;

  private final BitPlaneBlock w;
  private final PreparedInput x;
  private final Activations y;
  private final int pairs;

  /** Levels of a segment of one row, in the order of the input's bytes. */
  private final byte[] levels = new byte[PreparedInput.SPAN];

  /** Entries of a row and group, [pair][4]. */
  private final byte[] entries = new byte[BitPlaneLayout.MAX_PLANES / 2 * 4];

  ScalarLevels(BitPlaneBlock w, PreparedInput x, Activations y) {
    this.w = w;
    this.x = x;
    this.y = y;
    this.pairs = (w.planes() + 1) / 2;
  }

  void multiply(int tileFrom, int tileTo) {
    int rowTo = Math.min(tileTo * TILE, w.rows());
    for (int row = tileFrom * TILE; row < rowTo; row++) {
      for (int column = 0; column < x.columns(); column++) {
        y.values()[y.at(column) + w.firstRow() + row] = 0;
      }
      for (int group = 0; group < w.groups(); group++) {
        addGroup(row, group);
      }
    }
  }

  private void addGroup(int row, int group) {
    int scale = (row / TILE * w.groups() + group) * w.slots() * TILE + row % TILE;
    float levelScale = fillEntries(scale);
    int end = Math.min((group + 1) * w.groupChunks(), w.chunks());
    for (int from = group * w.groupChunks(); from < end; ) {
      int to = Math.min((from & -SPAN_CHUNKS) + SPAN_CHUNKS, end);
      decode(row, from, to);
      for (int column = 0; column < x.columns(); column++) {
        float spanScale = x.byteScales()[column * x.spans() + from / SPAN_CHUNKS];
        float term = dot(column, from, to) * levelScale * spanScale;
        y.values()[y.at(column) + w.firstRow() + row] += term;
      }
      from = to;
    }
    if (w.hasOffset()) {
      float z = w.scales()[scale + w.planes() * TILE];
      for (int column = 0; column < x.columns(); column++) {
        float sum = x.groupSums()[column * w.groups() + group];
        y.values()[y.at(column) + w.firstRow() + row] += z * sum;
      }
    }
  }

  /** Fills the entries of a row and group; returns the scale of its levels. */
  private float fillEntries(int scale) {
    float[] scales = w.scales();
    float magnitude = 0;
    for (int plane = 0; plane < w.planes(); plane++) {
      magnitude += Math.abs(scales[scale + plane * TILE]);
    }
    float largest = 128 - pairs;
    float factor = magnitude < PreparedInput.SMALLEST_MAXIMUM ? 0 : largest / magnitude;
    for (int plane = 0; plane < w.planes(); plane += 2) {
      for (int entry = 0; entry < 4; entry++) {
        float alpha = scales[scale + plane * TILE];
        float sum = (entry & 1) != 0 ? alpha : -alpha;
        if (plane + 1 < w.planes()) {
          float second = scales[scale + (plane + 1) * TILE];
          sum += (entry & 2) != 0 ? second : -second;
        }
        entries[plane * 2 + entry] = (byte) Elementary.round(sum * factor);
      }
    }
    return magnitude / largest;
  }

  private void decode(int row, int from, int to) {
    for (int chunk = from; chunk < to; chunk++) {
      int line = (row / TILE * w.chunks() + chunk) * w.planes() * LINE + row % TILE;
      for (int octet = 0; octet < OCTETS; octet++) {
        for (int j = 0; j < OCTET; j++) {
          int level = 0;
          for (int plane = 0; plane < w.planes(); plane += 2) {
            int entry =
                bit(line + octet * TILE, plane, j) + 2 * bit(line + octet * TILE, plane + 1, j);
            level += entries[plane * 2 + entry];
          }
          levels[(chunk - from) * CHUNK + j * OCTETS + octet] = (byte) level;
        }
      }
    }
  }

  /** Returns a bit of a plane, zero if there is no such plane. */
  private int bit(int octet, int plane, int j) {
    return plane < w.planes() ? w.bits().get(octet + plane * LINE) >> j & 1 : 0;
  }

  private int dot(int column, int from, int to) {
    byte[] inputs = x.bytes();
    int at = (column * x.chunks() + from) * CHUNK;
    int dot = 0;
    for (int i = 0; i < (to - from) * CHUNK; i++) {
      dot += levels[i] * inputs[at + i];
    }
    return dot;
  }
}
