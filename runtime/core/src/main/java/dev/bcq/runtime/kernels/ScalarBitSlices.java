package dev.bcq.runtime.kernels;

import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.nio.ByteBuffer;

/** The scalar popcount kernels for bit-planes: the reference of {@link InputForm#BIT_SLICES}. */
final class ScalarBitSlices {
  private static final int TILE = 16;
  private static final int LINE = 64;
  private static final int CHUNK = 32;
  private static final int SLICES = PreparedInput.SLICES;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;
  private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;
  private static final long EVEN_WORDS = 0x0000ffff0000ffffL;

  private ScalarBitSlices() {}

  static void prepare(PreparedInput input) {
    for (int column = 0; column < input.columns(); column++) {
      int first = column * input.chunks();
      for (int span = 0; span < input.spans(); span++) {
        int chunkFrom = first + span * SPAN_CHUNKS;
        int chunkTo = Math.min(chunkFrom + SPAN_CHUNKS, first + input.chunks());
        float maximum =
            ScalarKernels.largestMagnitude(input.floats(), chunkFrom * CHUNK, chunkTo * CHUNK);
        input.sliceScales()[column * input.spans() + span] = PreparedInput.scale(maximum);
        float factor = PreparedInput.factor(maximum);
        for (int chunk = chunkFrom; chunk < chunkTo; chunk++) {
          cut(input, chunk, factor);
        }
      }
    }
  }

  private static void cut(PreparedInput input, int chunk, float factor) {
    float[] x = input.floats();
    int[] slices = input.bitSlices();
    int at = chunk * SLICES;
    for (int i = 0; i < SLICES; i++) {
      slices[at + i] = 0;
    }
    int sum = 0;
    for (int octet = 0; octet < CHUNK; octet += 8) {
      long bytes = 0;
      for (int column = 0; column < 8; column++) {
        int value = Elementary.round(x[chunk * CHUNK + octet + column] * factor);
        sum += value;
        bytes |= (value & 0xffL) << (8 * column);
      }
      long bits = transpose(bytes);
      for (int i = 0; i < SLICES; i++) {
        slices[at + i] |= (int) ((bits >>> (8 * i)) & 0xff) << octet;
      }
    }
    input.chunkSums()[chunk] = sum;
  }

  /** Exchanges bit i of byte j for bit j of byte i (Warren, Hacker's Delight, section 7-3). */
  private static long transpose(long bytes) {
    long moved = (bytes ^ (bytes >>> 7)) & 0x00aa00aa00aa00aaL;
    long bits = bytes ^ moved ^ (moved << 7);
    moved = (bits ^ (bits >>> 14)) & 0x0000cccc0000ccccL;
    bits = bits ^ moved ^ (moved << 14);
    moved = (bits ^ (bits >>> 28)) & 0x00000000f0f0f0f0L;
    return bits ^ moved ^ (moved << 28);
  }

  static void multiply(BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column) + w.firstRow() + tile * TILE;
        for (int row = 0; row < rows; row += 4) {
          fourRows(w, tile, row, x, column, y.values(), at + row, rows - row);
        }
      }
    }
  }

  /** Computes up to {@code rows} of four rows; two chunks of a row are a long. */
  private static void fourRows(
      BitPlaneBlock w,
      int tile,
      int row,
      PreparedInput x,
      int column,
      float[] y,
      int at,
      int rows) {
    ByteBuffer bits = w.bits();
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
      int all = x.sumOfChunks(column, from, to);
      float total0 = 0;
      float total1 = 0;
      float total2 = 0;
      float total3 = 0;
      for (int plane = 0; plane < planes; plane++) {
        int sum0 = 0;
        int sum1 = 0;
        int sum2 = 0;
        int sum3 = 0;
        for (int chunk = from; chunk < to; chunk += 2) {
          int line = ((tile * chunks + chunk) * planes + plane) * LINE + row;
          // A chunk alone is paired with itself, and the pair's upper half not counted.
          long used = chunk + 1 < to ? -1L : 0xffffffffL;
          int next = chunk + 1 < to ? planes * LINE : 0;
          long first = pair(bits, line, next);
          long second = pair(bits, line + TILE, next);
          long third = pair(bits, line + 2 * TILE, next);
          long fourth = pair(bits, line + 3 * TILE, next);
          long low02 = (first & EVEN_BYTES) | ((second & EVEN_BYTES) << 8);
          long low13 = ((first >>> 8) & EVEN_BYTES) | (second & ~EVEN_BYTES);
          long high02 = (third & EVEN_BYTES) | ((fourth & EVEN_BYTES) << 8);
          long high13 = ((third >>> 8) & EVEN_BYTES) | (fourth & ~EVEN_BYTES);
          long row0 = (low02 & EVEN_WORDS) | ((high02 & EVEN_WORDS) << 16);
          long row1 = (low13 & EVEN_WORDS) | ((high13 & EVEN_WORDS) << 16);
          long row2 = ((low02 >>> 16) & EVEN_WORDS) | (high02 & ~EVEN_WORDS);
          long row3 = ((low13 >>> 16) & EVEN_WORDS) | (high13 & ~EVEN_WORDS);
          int slice = (column * chunks + chunk) * SLICES;
          int nextSlice = chunk + 1 < to ? slice + SLICES : slice;
          for (int i = 0; i < SLICES; i++) {
            long slices = pair(x.bitSlices()[slice + i], x.bitSlices()[nextSlice + i]) & used;
            int weight = i < SLICES - 1 ? 1 << i : -(1 << i);
            sum0 += weight * Long.bitCount(row0 & slices);
            sum1 += weight * Long.bitCount(row1 & slices);
            sum2 += weight * Long.bitCount(row2 & slices);
            sum3 += weight * Long.bitCount(row3 & slices);
          }
        }
        int alpha = scale + plane * TILE;
        float term0 = (2 * sum0 - all) * scales[alpha];
        float term1 = (2 * sum1 - all) * scales[alpha + 1];
        float term2 = (2 * sum2 - all) * scales[alpha + 2];
        float term3 = (2 * sum3 - all) * scales[alpha + 3];
        total0 = plane == 0 ? term0 : total0 + term0;
        total1 = plane == 0 ? term1 : total1 + term1;
        total2 = plane == 0 ? term2 : total2 + term2;
        total3 = plane == 0 ? term3 : total3 + term3;
      }
      float factor = x.sliceScales()[column * x.spans() + from / SPAN_CHUNKS];
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
    ScalarTables.store(y, at, rows, result0, result1, result2, result3);
  }

  private static long pair(ByteBuffer bits, int at, int next) {
    return pair(bits.getInt(at), bits.getInt(at + next));
  }

  private static long pair(int low, int high) {
    return (low & 0xffffffffL) | ((long) high << 32);
  }
}
