package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bit-planes, decoded to levels, times rounded activations. A segment of a tile is decoded once for
 * all columns.
 *
 * <p>The four entries of a pair of planes are two numbers and their negatives, so that they are
 * {@code +-c_0 +- c_1} for halves of integers c, and a level is the sum of all planes' c with the
 * signs of their bits.
 */
final class DecodedProduct {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int ROWS = F.length();
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;
  private static final int SIGN = 0x80000000;

  private final PreparedInput x;
  private BitPlaneBlock w;
  private MemorySegment bits;
  private int planes;
  private int chunks;

  /** What each plane adds to the level of a row, or takes away, [plane][row]. */
  private final float[] parts = new float[BitPlaneLayout.MAX_PLANES * TILE];

  /** Scale of the levels for each row. */
  private final float[] levelScales = new float[TILE];

  private final SegmentDots segment = new SegmentDots();

  private DecodedProduct(BitPlaneBlock w, PreparedInput x) {
    this.x = x;
    begin(w);
  }

  private void begin(BitPlaneBlock matrix) {
    w = matrix;
    bits = VectorViews.of(matrix);
    planes = matrix.planes();
    chunks = matrix.chunks();
  }

  /** Multiplies tiles of a matrix with a product of the input that is idle, or a new one. */
  static void multiply(BitPlaneBlock w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    Pool<DecodedProduct> pool = VectorViews.of(x).decodedProducts;
    DecodedProduct product = pool.take();
    if (product == null) {
      product = new DecodedProduct(w, x);
    } else {
      product.begin(w);
    }
    product.multiply(tileFrom, tileTo, y);
    pool.give(product);
  }

  private void multiply(int tileFrom, int tileTo, Activations y) {
    for (int tile = tileFrom; tile < tileTo; tile++) {
      segment.begin(x.columns());
      for (int group = 0; group < w.groups(); group++) {
        addGroup(tile, group);
      }
      int rows = Math.min(TILE, w.rows() - tile * TILE);
      for (int column = 0; column < x.columns(); column++) {
        int at = y.at(column) + w.firstRow() + tile * TILE;
        System.arraycopy(segment.results, column * TILE, y.values(), at, rows);
      }
    }
  }

  private void addGroup(int tile, int group) {
    int scale = (tile * w.groups() + group) * w.slots() * TILE;
    for (int row = 0; row < TILE; row += ROWS) {
      fillParts(scale + row, row);
    }
    int end = Math.min((group + 1) * w.groupChunks(), chunks);
    for (int from = group * w.groupChunks(); from < end; ) {
      int to = Math.min((from & -SPAN_CHUNKS) + SPAN_CHUNKS, end);
      for (int chunk = from; chunk < to; chunk++) {
        decode(tile, chunk, (chunk - from) * CHUNK * TILE);
      }
      int padded = chunks * CHUNK;
      int length = (to - from) * CHUNK;
      segment.multiply(length, RoundedInput.of(x), from * CHUNK, padded, x.columns());
      for (int column = 0; column < x.columns(); column++) {
        add(column * TILE, x.byteScales()[column * x.spans() + from / SPAN_CHUNKS]);
      }
      from = to;
    }
    if (w.hasOffset()) {
      addOffsets(scale + planes * TILE, group);
    }
  }

  private void fillParts(int scale, int row) {
    float[] scales = w.scales();
    FloatVector magnitude = FloatVector.zero(F);
    for (int plane = 0; plane < planes; plane++) {
      magnitude = magnitude.add(FloatVector.fromArray(F, scales, scale + plane * TILE).abs());
    }
    float largest = 128 - (planes + 1) / 2;
    VectorMask<Float> none = magnitude.compare(VectorOperators.LT, PreparedInput.SMALLEST_MAXIMUM);
    FloatVector factor = FloatVector.broadcast(F, largest).div(magnitude).blend(0f, none);
    magnitude.div(largest).intoArray(levelScales, row);
    for (int plane = 0; plane < planes; plane += 2) {
      FloatVector alpha = FloatVector.fromArray(F, scales, scale + plane * TILE);
      int at = plane * TILE + row;
      if (plane + 1 == planes) {
        round(alpha.mul(factor)).intoArray(parts, at);
      } else {
        FloatVector second = FloatVector.fromArray(F, scales, scale + (plane + 1) * TILE);
        FloatVector alike = round(alpha.add(second).mul(factor));
        FloatVector unlike = round(alpha.sub(second).mul(factor));
        alike.add(unlike).mul(0.5f).intoArray(parts, at);
        alike.sub(unlike).mul(0.5f).intoArray(parts, at + TILE);
      }
    }
  }

  private static FloatVector round(FloatVector x) {
    return x.add(Elementary.ROUNDER).sub(Elementary.ROUNDER);
  }

  private void decode(int tile, int chunk, int to) {
    long line = ((long) tile * chunks + chunk) * planes * LINE;
    for (int octet = 0; octet < LINE; octet += TILE) {
      int column = to + octet / TILE * 8 * TILE;
      for (int row = 0; row < TILE; row += ROWS) {
        for (int plane = 0; plane < planes; plane += 2) {
          long at = line + (long) plane * LINE + octet + row;
          if (plane + 1 < planes) {
            addPair(at, plane * TILE + row, plane == 0, column + row);
          } else {
            addPlane(at, plane * TILE + row, plane == 0, column + row);
          }
        }
      }
    }
  }

  // The loops below are written out: what the compiler does not inline keeps its vectors on the
  // heap.

  /** Adds the parts of a pair of planes to the levels of eight columns, or begins with them. */
  private void addPair(long at, int part, boolean first, int to) {
    float[] levels = segment.weights;
    IntVector zeros = Octets.load(bits, at).not();
    IntVector nextZeros = Octets.load(bits, at + LINE).not();
    IntVector plus = FloatVector.fromArray(F, parts, part).reinterpretAsInts();
    IntVector nextPlus = FloatVector.fromArray(F, parts, part + TILE).reinterpretAsInts();
    for (int bit = 0; bit < 8; bit++) {
      int place = to + bit * TILE;
      IntVector minus = zeros.lanewise(VectorOperators.LSHL, 31 - bit).and(SIGN);
      IntVector nextMinus = nextZeros.lanewise(VectorOperators.LSHL, 31 - bit).and(SIGN);
      FloatVector level =
          minus
              .lanewise(VectorOperators.XOR, plus)
              .reinterpretAsFloats()
              .add(nextMinus.lanewise(VectorOperators.XOR, nextPlus).reinterpretAsFloats());
      if (first) {
        level.intoArray(levels, place);
      } else {
        level.add(FloatVector.fromArray(F, levels, place)).intoArray(levels, place);
      }
    }
  }

  /** Adds the parts of a plane to the levels of eight columns, or begins with them. */
  private void addPlane(long at, int part, boolean first, int to) {
    float[] levels = segment.weights;
    IntVector zeros = Octets.load(bits, at).not();
    IntVector plus = FloatVector.fromArray(F, parts, part).reinterpretAsInts();
    for (int bit = 0; bit < 8; bit++) {
      int place = to + bit * TILE;
      IntVector minus = zeros.lanewise(VectorOperators.LSHL, 31 - bit).and(SIGN);
      FloatVector level = minus.lanewise(VectorOperators.XOR, plus).reinterpretAsFloats();
      if (first) {
        level.intoArray(levels, place);
      } else {
        level.add(FloatVector.fromArray(F, levels, place)).intoArray(levels, place);
      }
    }
  }

  private void add(int at, float scale) {
    float[] results = segment.results;
    for (int row = 0; row < TILE; row += ROWS) {
      FloatVector dots = FloatVector.fromArray(F, segment.dots, at + row);
      FloatVector.fromArray(F, results, at + row)
          .add(dots.mul(FloatVector.fromArray(F, levelScales, row)).mul(scale))
          .intoArray(results, at + row);
    }
  }

  private void addOffsets(int offset, int group) {
    float[] results = segment.results;
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
