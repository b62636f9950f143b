package dev.bcq.runtime.tensor;

import dev.bcq.format.BitPlaneLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A binary-coded matrix whose scales belong to inputs: {@code W[r,c] = sum_p scale[h(r),p,c] *
 * B_p[r,c]}, h(r) one of equal ranges of rows, in most matrices the heads of an attention.
 *
 * <p>It is never multiplied as it is. In layout T16 the planes of a chunk follow each other, so the
 * same bytes are a matrix of one plane with scale 1, in which plane p of chunk c is chunk {@code c
 * * planes + p}. Multiplied by inputs in that order, each times its scale, that gives the outputs
 * of a head.
 */
public final class InputScaledMatrix implements Matrix {
  private final int rows;
  private final int cols;
  private final int planes;
  private final int rowsOfHead;
  private final int padded;
  private final BitPlaneBlock bits;
  private final float[] scales;
  private final List<BcqMatrix> heads = new ArrayList<>();

  /**
   * Wraps planes without copying them.
   *
   * @param heads equal ranges of rows that have scales of their own, a divisor of {@code rows}
   * @param bits direct, the planes from position 0
   * @param scales [head][plane][columns, padded to whole chunks]
   */
  public InputScaledMatrix(
      int rows, int cols, int planes, int heads, ByteBuffer bits, float[] scales) {
    this.rows = rows;
    this.cols = cols;
    this.planes = planes;
    this.rowsOfHead = rows / heads;
    this.padded = BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
    this.scales = interleaved(scales, heads);
    this.bits = ones(0, rows, bits);
    for (int head = 0; head < heads; head++) {
      int end = (head + 1) * rowsOfHead;
      // A tile that two heads share belongs to both, up to the last row of each.
      int first = head * rowsOfHead / BitPlaneLayout.TILE_ROWS * BitPlaneLayout.TILE_ROWS;
      this.heads.add(new BcqMatrix(List.of(ones(first, end, bits)), null));
    }
  }

  /** Returns some rows as a matrix of one plane, from the beginning of a tile on. */
  private BitPlaneBlock ones(int from, int to, ByteBuffer bits) {
    int count = to - from;
    int width = planes * padded;
    ByteBuffer part = bits.duplicate();
    int at = (int) BitPlaneLayout.bitsLength(from, width, 1);
    ((Buffer) part).position(at).limit(at + (int) BitPlaneLayout.bitsLength(count, width, 1));
    float[] ones = new float[(int) BitPlaneLayout.scaleCount(count, width, 1, 0, false)];
    Arrays.fill(ones, 1f);
    return new BitPlaneBlock(from, count, width, 1, 0, false, part.slice(), ones);
  }

  /** Returns scales in the order of the inputs: [head][chunk][plane][32]. */
  private float[] interleaved(float[] scales, int heads) {
    float[] result = new float[scales.length];
    int chunkCols = BitPlaneLayout.CHUNK_COLS;
    int to = 0;
    for (int head = 0; head < heads; head++) {
      for (int col = 0; col < padded; col += chunkCols) {
        for (int plane = 0; plane < planes; plane++) {
          System.arraycopy(scales, (head * planes + plane) * padded + col, result, to, chunkCols);
          to += chunkCols;
        }
      }
    }
    return result;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public long byteCount() {
    return bits.bits().limit();
  }

  /** Returns the number of values that the scaled inputs of a column have. */
  public int scaledCols() {
    return planes * padded;
  }

  /**
   * Returns the signs of each head's rows: matrices of one plane with scale 1, of {@link
   * #scaledCols} columns. The first rows of one may be the last ones of the head before, in the
   * tile that they share: whoever multiplies them multiplies the last head first.
   */
  public List<BcqMatrix> heads() {
    return heads;
  }

  /**
   * Multiplies the inputs of a column by the scales of a head.
   *
   * @param x inputs from {@code from}, padded to whole chunks
   * @param into receives {@link #scaledCols} values from {@code at}
   */
  public void scale(int head, float[] x, int from, float[] into, int at) {
    int chunkCols = BitPlaneLayout.CHUNK_COLS;
    int width = scaledCols();
    int scale = head * width;
    for (int chunk = 0, to = 0; to < width; chunk++) {
      int input = from + chunk * chunkCols;
      for (int plane = 0; plane < planes; plane++, to += chunkCols) {
        for (int i = 0; i < chunkCols; i++) {
          into[at + to + i] = x[input + i] * scales[scale + to + i];
        }
      }
    }
  }

  @Override
  public void readRow(int row, float[] into, int offset) {
    int chunkCols = BitPlaneLayout.CHUNK_COLS;
    int scale = row / rowsOfHead * scaledCols();
    int chunks = bits.chunks();
    for (int col = 0; col < cols; col++) {
      float sum = 0;
      for (int plane = 0; plane < planes; plane++) {
        int scaled = (col / chunkCols * planes + plane) * chunkCols + col % chunkCols;
        int octet = bits.bits().get((int) BitPlaneLayout.byteOffset(row, scaled, 0, chunks, 1));
        int bit = (octet >> (col & 7)) & 1;
        sum += bit == 1 ? scales[scale + scaled] : -scales[scale + scaled];
      }
      into[offset + col] = sum;
    }
  }
}
