package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.ByteBuffer;

/** The scalar table kernels for bit-planes: the reference of both arithmetics. */
final class ScalarTables {
  private static final int TILE = 16;
  private static final int LINE = 64;

  /** Table entries of a chunk. */
  private static final int TABLES = 128;

  private static final int SPAN_CHUNKS = PreparedInput.SPAN / 32;

  private ScalarTables() {}

  static void prepareBytes(PreparedInput input) {
    float[] x = input.floats();
    for (int column = 0; column < input.columns(); column++) {
      int from = column * input.chunks() * 32;
      for (int span = 0; span < input.spans(); span++) {
        int chunkFrom = span * 4;
        int chunkTo = Math.min(chunkFrom + 4, input.chunks());
        float maximum = 0;
        for (int i = from + chunkFrom * 32; i < from + chunkTo * 32; i += 4) {
          float sum = Math.abs(x[i]) + Math.abs(x[i + 1]) + Math.abs(x[i + 2]) + Math.abs(x[i + 3]);
          maximum = Math.max(maximum, sum);
        }
        input.tableScales()[column * input.spans() + span] = PreparedInput.scale(maximum);
        float factor = PreparedInput.factor(maximum);
        for (int chunk = chunkFrom; chunk < chunkTo; chunk++) {
          int table = (column * input.chunks() + chunk) * 128;
          byteTables(x, from + chunk * 32, factor, input.byteTables(), table);
        }
      }
    }
  }

  private static void byteTables(float[] x, int from, float factor, byte[] tables, int at) {
    for (int nibble = 0; nibble < 8; nibble++) {
      int table = at + (nibble & 1) * 64 + (nibble >> 1) * 16;
      for (int entry = 0; entry < 16; entry++) {
        tables[table + entry] =
            (byte) Elementary.round(signedSum(x, from + nibble * 4, entry) * factor);
      }
    }
  }

  static void prepareFloats(PreparedInput input) {
    int nibbles = input.columns() * input.chunks() * 8;
    for (int nibble = 0; nibble < nibbles; nibble++) {
      for (int entry = 0; entry < 16; entry++) {
        input.floatTables()[nibble * 16 + entry] = signedSum(input.floats(), nibble * 4, entry);
      }
    }
  }

  private static float signedSum(float[] x, int at, int entry) {
    float sum = (entry & 1) != 0 ? x[at] : -x[at];
    sum += (entry & 2) != 0 ? x[at + 1] : -x[at + 1];
    sum += (entry & 4) != 0 ? x[at + 2] : -x[at + 2];
    sum += (entry & 8) != 0 ? x[at + 3] : -x[at + 3];
    return sum;
  }

  static void multiplyBytes(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column) + w.firstRow() + tile * TILE;
        for (int row = 0; row < rows; row += 4) {
          fourByteRows(w, tile, row, x, column, y.values(), at + row, rows - row);
        }
      }
    }
  }

  /** Computes up to {@code rows} of four rows, whose keys lie side by side. */
  private static void fourByteRows(
      BitPlaneBlock w,
      int tile,
      int row,
      PreparedInput x,
      int column,
      float[] y,
      int at,
      int rows) {
    ByteBuffer bits = w.bits();
    byte[] tables = x.byteTables();
    float[] scales = w.scales();
    int chunks = w.chunks();
    int planes = w.planes();
    int group = 0;
    int groupEnd = Math.min(w.groupChunks(), chunks);
    float result0 = 0;
    float result1 = 0;
    float result2 = 0;
    float result3 = 0;
    for (int from = 0; from < chunks; ) {
      int to = Math.min((from & -SPAN_CHUNKS) + SPAN_CHUNKS, groupEnd);
      int scale = (tile * w.groups() + group) * w.slots() * TILE + row;
      float total0 = 0;
      float total1 = 0;
      float total2 = 0;
      float total3 = 0;
      for (int plane = 0; plane < planes; plane++) {
        int sum0 = 0;
        int sum1 = 0;
        int sum2 = 0;
        int sum3 = 0;
        for (int chunk = from; chunk < to; chunk++) {
          int line = ((tile * chunks + chunk) * planes + plane) * LINE + row;
          int table = (column * chunks + chunk) * TABLES;
          for (int octet = 0; octet < LINE; octet += TILE) {
            int keys = bits.getInt(line + octet);
            int low = table + octet;
            int high = low + LINE;
            sum0 += tables[low + (keys & 15)] + tables[high + (keys >> 4 & 15)];
            sum1 += tables[low + (keys >> 8 & 15)] + tables[high + (keys >> 12 & 15)];
            sum2 += tables[low + (keys >> 16 & 15)] + tables[high + (keys >> 20 & 15)];
            sum3 += tables[low + (keys >> 24 & 15)] + tables[high + (keys >> 28 & 15)];
          }
        }
        int alpha = scale + plane * TILE;
        total0 = plane == 0 ? sum0 * scales[alpha] : total0 + sum0 * scales[alpha];
        total1 = plane == 0 ? sum1 * scales[alpha + 1] : total1 + sum1 * scales[alpha + 1];
        total2 = plane == 0 ? sum2 * scales[alpha + 2] : total2 + sum2 * scales[alpha + 2];
        total3 = plane == 0 ? sum3 * scales[alpha + 3] : total3 + sum3 * scales[alpha + 3];
      }
      float factor = x.tableScales()[column * x.spans() + from / SPAN_CHUNKS];
      result0 += total0 * factor;
      result1 += total1 * factor;
      result2 += total2 * factor;
      result3 += total3 * factor;
      if (to == groupEnd) {
        if (w.hasOffset()) {
          int z = scale + planes * TILE;
          float sum = x.groupSums()[column * w.groups() + group];
          result0 += scales[z] * sum;
          result1 += scales[z + 1] * sum;
          result2 += scales[z + 2] * sum;
          result3 += scales[z + 3] * sum;
        }
        group++;
        groupEnd = Math.min(groupEnd + w.groupChunks(), chunks);
      }
      from = to;
    }
    store(y, at, rows, result0, result1, result2, result3);
  }

  static void multiplyFloats(
      BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column) + w.firstRow() + tile * TILE;
        for (int row = 0; row < rows; row += 4) {
          fourFloatRows(w, tile, row, x, column, y.values(), at + row, rows - row);
        }
      }
    }
  }

  private static void fourFloatRows(
      BitPlaneBlock w,
      int tile,
      int row,
      PreparedInput x,
      int column,
      float[] y,
      int at,
      int rows) {
    ByteBuffer bits = w.bits();
    float[] tables = x.floatTables();
    float[] scales = w.scales();
    int chunks = w.chunks();
    int planes = w.planes();
    int group = 0;
    float result0 = 0;
    float result1 = 0;
    float result2 = 0;
    float result3 = 0;
    for (int from = 0; from < chunks; from += w.groupChunks()) {
      int to = Math.min(from + w.groupChunks(), chunks);
      int scale = (tile * w.groups() + group) * w.slots() * TILE + row;
      float total0 = 0;
      float total1 = 0;
      float total2 = 0;
      float total3 = 0;
      for (int plane = 0; plane < planes; plane++) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int chunk = from; chunk < to; chunk++) {
          int line = ((tile * chunks + chunk) * planes + plane) * LINE + row;
          int table = (column * chunks + chunk) * TABLES;
          for (int octet = 0; octet < LINE; octet += TILE) {
            int keys = bits.getInt(line + octet);
            int low = table + 2 * octet;
            int high = low + TILE;
            sum0 = sum0 + tables[low + (keys & 15)] + tables[high + (keys >> 4 & 15)];
            sum1 = sum1 + tables[low + (keys >> 8 & 15)] + tables[high + (keys >> 12 & 15)];
            sum2 = sum2 + tables[low + (keys >> 16 & 15)] + tables[high + (keys >> 20 & 15)];
            sum3 = sum3 + tables[low + (keys >> 24 & 15)] + tables[high + (keys >> 28 & 15)];
          }
        }
        int alpha = scale + plane * TILE;
        total0 = plane == 0 ? sum0 * scales[alpha] : total0 + sum0 * scales[alpha];
        total1 = plane == 0 ? sum1 * scales[alpha + 1] : total1 + sum1 * scales[alpha + 1];
        total2 = plane == 0 ? sum2 * scales[alpha + 2] : total2 + sum2 * scales[alpha + 2];
        total3 = plane == 0 ? sum3 * scales[alpha + 3] : total3 + sum3 * scales[alpha + 3];
      }
      result0 += total0;
      result1 += total1;
      result2 += total2;
      result3 += total3;
      if (w.hasOffset()) {
        int z = scale + planes * TILE;
        float sum = x.groupSums()[column * w.groups() + group];
        result0 += scales[z] * sum;
        result1 += scales[z + 1] * sum;
        result2 += scales[z + 2] * sum;
        result3 += scales[z + 3] * sum;
      }
      group++;
    }
    store(y, at, rows, result0, result1, result2, result3);
  }

  /** Stores up to {@code rows} of four values. */
  static void store(float[] y, int at, int rows, float y0, float y1, float y2, float y3) {
    y[at] = y0;
    if (rows > 1) {
      y[at + 1] = y1;
    }
    if (rows > 2) {
      y[at + 2] = y2;
    }
    if (rows > 3) {
      y[at + 3] = y3;
    }
  }
}
