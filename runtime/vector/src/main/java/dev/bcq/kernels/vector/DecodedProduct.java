package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes, decoded to int8 levels, times bytes. A segment of a tile is decoded once for all
 * columns, to numbers of 16 bits as the products need them.
 */
final class DecodedProduct {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final VectorSpecies<Short> S = Species.SHORTS;
  private static final int ROWS = I.length();
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;
  private static final int LINES = 8;

  /** Numbers of 16 bits of a line: octets 0 and 2 of each row, then octets 1 and 3. */
  private static final int SHORTS = LINE;

  private static final int MOST_CODES = 1 << BitPlaneLayout.MAX_PLANES;

  private static final ValueLayout.OfInt FOUR =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** For each byte, its bits as the lowest ones of eight bytes. */
  private static final long[] SPREAD = spread();

  private final BitPlaneBlock w;
  private final PreparedInput x;
  private final MemorySegment bytes;
  private final int planes;
  private final int chunks;

  /** Level of each code, a bit for each plane, [row][code]. */
  private final short[] levels = new short[TILE * MOST_CODES];

  /** Scale of the levels for each row. */
  private final float[] levelScales = new float[TILE];

  /** The present segment, [chunk][line][SHORTS]. */
  private final short[] decoded = new short[SPAN_CHUNKS * LINES * SHORTS];

  /** Sum of all segments so far, [column][row]. */
  private final float[] results;

  DecodedProduct(BitPlaneBlock w, PreparedInput x) {
    this.w = w;
    this.x = x;
    this.bytes = VectorViews.of(x).bytes;
    this.planes = w.planes();
    this.chunks = w.chunks();
    this.results = new float[x.columns() * TILE];
  }

  private static long[] spread() {
    long[] spread = new long[256];
    for (int i = 0; i < spread.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        spread[i] |= (long) (i >> bit & 1) << (8 * bit);
      }
    }
    return spread;
  }

  void multiply(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      Arrays.fill(results, 0f);
      for (int group = 0; group < w.groups(); group++) {
        addGroup(tile, group);
      }
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column) + w.firstRow() + tile * TILE;
        System.arraycopy(results, column * TILE, y.values(), at, rows);
      }
    }
  }

  private void addGroup(int tile, int group) {
    int scale = (tile * w.groups() + group) * w.slots() * TILE;
    for (int row = 0; row < TILE; row++) {
      fillLevels(row, scale + row);
    }
    int end = Math.min((group + 1) * w.groupChunks(), chunks);
    for (int from = group * w.groupChunks(); from < end; ) {
      int to = Math.min((from & -SPAN_CHUNKS) + SPAN_CHUNKS, end);
      for (int chunk = from; chunk < to; chunk++) {
        decode(tile, chunk, (chunk - from) * LINES * SHORTS);
      }
      for (int column = 0; column < x.columns(); column++) {
        add(column, from, (to - from) * LINES);
      }
      from = to;
    }
    if (w.hasOffset()) {
      addOffsets(scale + planes * TILE, group);
    }
  }

  private void fillLevels(int row, int scale) {
    float[] scales = w.scales();
    float magnitude = 0;
    for (int plane = 0; plane < planes; plane++) {
      magnitude += Math.abs(scales[scale + plane * TILE]);
    }
    float largest = 128 - (planes + 1) / 2;
    float factor = magnitude < PreparedInput.SMALLEST_MAXIMUM ? 0 : largest / magnitude;
    levelScales[row] = magnitude / largest;
    int at = row * MOST_CODES;
    for (int code = 0; code < 1 << planes; code++) {
      int level = 0;
      for (int plane = 0; plane < planes; plane += 2) {
        float sum = signed(scales[scale + plane * TILE], code >> plane);
        if (plane + 1 < planes) {
          sum += signed(scales[scale + (plane + 1) * TILE], code >> (plane + 1));
        }
        level += Elementary.round(sum * factor);
      }
      levels[at + code] = (short) level;
    }
  }

  private static float signed(float alpha, int bit) {
    return (bit & 1) != 0 ? alpha : -alpha;
  }

  private void decode(int tile, int chunk, int to) {
    int lines = (tile * chunks + chunk) * planes * LINE;
    for (int octet = 0; octet < 4; octet++) {
      int first = to + (octet & 1) * (SHORTS / 2) + (octet >> 1);
      for (int row = 0; row < TILE; row++) {
        long codes = codes(lines + octet * TILE + row);
        int table = row * MOST_CODES;
        int at = first + 2 * row;
        for (int line = 0; line < LINES; line++) {
          decoded[at] = levels[table + ((int) codes & 0xff)];
          codes >>>= 8;
          at += SHORTS;
        }
      }
    }
  }

  /** Returns the codes of a row's eight columns, a byte each. */
  private long codes(int at) {
    long codes = 0;
    for (int plane = 0; plane < planes; plane++) {
      codes |= SPREAD[w.bits().get(at + plane * LINE) & 0xff] << plane;
    }
    return codes;
  }

  private void add(int column, int from, int lines) {
    float scale = x.byteScales()[column * x.spans() + from / SPAN_CHUNKS];
    long input = ((long) column * chunks + from) * CHUNK;
    for (int row = 0; row < TILE; row += ROWS) {
      FloatVector dots = (FloatVector) dots(2 * row, input, lines).convert(VectorOperators.I2F, 0);
      FloatVector.fromArray(F, results, column * TILE + row)
          .add(dots.mul(FloatVector.fromArray(F, levelScales, row)).mul(scale))
          .intoArray(results, column * TILE + row);
    }
  }

  /** Returns the integer dot products of rows, as {@link Int8Product} does. */
  private IntVector dots(int from, long input, int lines) {
    IntVector sum = IntVector.zero(I);
    int at = from;
    for (int line = 0; line < lines; line++) {
      ShortVector four = Int8Product.four(bytes.get(FOUR, input + 4L * line));
      ShortVector even = ShortVector.fromArray(S, decoded, at).mul(Int8Product.lower(four));
      ShortVector odd =
          ShortVector.fromArray(S, decoded, at + SHORTS / 2).mul(Int8Product.upper(four));
      sum = Int8Product.addPairs(sum, even.add(odd));
      at += SHORTS;
    }
    return sum;
  }

  private void addOffsets(int offset, int group) {
    for (int column = 0; column < x.columns(); column++) {
      float sum = x.groupSums()[column * w.groups() + group];
      for (int row = 0; row < TILE; row += ROWS) {
        FloatVector.fromArray(F, results, column * TILE + row)
            .add(FloatVector.fromArray(F, w.scales(), offset + row).mul(sum))
            .intoArray(results, column * TILE + row);
      }
    }
  }
}
