package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The scalar table kernels for bit-planes: the reference of both arithmetics. */
final class ScalarTables {
  private static final int TILE = 16;
  private static final int LINE = 64;

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
        boolean zero = maximum < PreparedInput.SMALLEST_MAXIMUM;
        input.tableScales()[column * input.spans() + span] = zero ? 0 : maximum / 127f;
        float factor = zero ? 0 : 127f / maximum;
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
        float scaled = signedSum(x, from + nibble * 4, entry) * factor;
        tables[table + entry] = (byte) ((scaled + Elementary.ROUNDER) - Elementary.ROUNDER);
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
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride) {
    int[] sums = new int[w.planes() * TILE];
    float[] result = new float[TILE];
    for (int tile = tileFrom; tile < tileTo; tile++) {
      for (int column = 0; column < x.columns(); column++) {
        byteTile(w, tile, x, column, sums, result);
        store(w, tile, result, y, yOffset + column * yStride);
      }
    }
  }

  private static void byteTile(
      BitPlaneBlock w, int tile, PreparedInput x, int column, int[] sums, float[] result) {
    Arrays.fill(result, 0f);
    Arrays.fill(sums, 0);
    int chunks = w.chunks();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int table = (column * chunks + chunk) * 128;
      for (int plane = 0; plane < w.planes(); plane++) {
        int line = ((tile * chunks + chunk) * w.planes() + plane) * LINE;
        byteLine(w.bits(), line, x.byteTables(), table, sums, plane * TILE);
      }
      boolean groupEnds = (chunk + 1) % w.groupChunks() == 0 || chunk + 1 == chunks;
      if (groupEnds || chunk % 4 == 3) {
        int group = chunk / w.groupChunks();
        int scales = ((tile * w.groups()) + group) * w.slots() * TILE;
        float factor = x.tableScales()[column * x.spans() + chunk / 4];
        for (int row = 0; row < TILE; row++) {
          float total = sums[row] * w.scales()[scales + row];
          for (int plane = 1; plane < w.planes(); plane++) {
            total += sums[plane * TILE + row] * w.scales()[scales + plane * TILE + row];
          }
          result[row] += total * factor;
        }
        Arrays.fill(sums, 0);
        if (groupEnds) {
          addOffset(w, scales, group, x, column, result);
        }
      }
    }
  }

  private static void byteLine(
      ByteBuffer bits, int line, byte[] tables, int table, int[] sums, int at) {
    for (int octet = 0; octet < 4; octet++) {
      int low = table + octet * 16;
      int high = low + 64;
      for (int row = 0; row < TILE; row++) {
        int key = bits.get(line + octet * TILE + row);
        sums[at + row] += tables[low + (key & 15)] + tables[high + ((key >> 4) & 15)];
      }
    }
  }

  static void multiplyFloats(
      BitPlaneBlock w,
      int tileFrom,
      int tileTo,
      PreparedInput x,
      float[] y,
      int yOffset,
      int yStride) {
    float[] sums = new float[w.planes() * TILE];
    float[] result = new float[TILE];
    for (int tile = tileFrom; tile < tileTo; tile++) {
      for (int column = 0; column < x.columns(); column++) {
        floatTile(w, tile, x, column, sums, result);
        store(w, tile, result, y, yOffset + column * yStride);
      }
    }
  }

  private static void floatTile(
      BitPlaneBlock w, int tile, PreparedInput x, int column, float[] sums, float[] result) {
    Arrays.fill(result, 0f);
    Arrays.fill(sums, 0f);
    int chunks = w.chunks();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int table = (column * chunks + chunk) * 128;
      for (int plane = 0; plane < w.planes(); plane++) {
        int line = ((tile * chunks + chunk) * w.planes() + plane) * LINE;
        floatLine(w.bits(), line, x.floatTables(), table, sums, plane * TILE);
      }
      if ((chunk + 1) % w.groupChunks() == 0 || chunk + 1 == chunks) {
        int group = chunk / w.groupChunks();
        int scales = ((tile * w.groups()) + group) * w.slots() * TILE;
        for (int row = 0; row < TILE; row++) {
          float total = sums[row] * w.scales()[scales + row];
          for (int plane = 1; plane < w.planes(); plane++) {
            total += sums[plane * TILE + row] * w.scales()[scales + plane * TILE + row];
          }
          result[row] += total;
        }
        Arrays.fill(sums, 0f);
        addOffset(w, scales, group, x, column, result);
      }
    }
  }

  private static void floatLine(
      ByteBuffer bits, int line, float[] tables, int table, float[] sums, int at) {
    for (int octet = 0; octet < 4; octet++) {
      int low = table + octet * 32;
      int high = low + 16;
      for (int row = 0; row < TILE; row++) {
        int key = bits.get(line + octet * TILE + row);
        sums[at + row] += tables[low + (key & 15)];
        sums[at + row] += tables[high + ((key >> 4) & 15)];
      }
    }
  }

  private static void addOffset(
      BitPlaneBlock w, int scales, int group, PreparedInput x, int column, float[] result) {
    if (!w.hasOffset()) {
      return;
    }
    float sum = x.groupSums()[column * w.groups() + group];
    for (int row = 0; row < TILE; row++) {
      result[row] += w.scales()[scales + w.planes() * TILE + row] * sum;
    }
  }

  private static void store(BitPlaneBlock w, int tile, float[] result, float[] y, int at) {
    int rows = Math.min(TILE, w.rows() - tile * TILE);
    System.arraycopy(result, 0, y, at + tile * TILE, rows);
  }
}
