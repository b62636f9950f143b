package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of tiles of bytes and columns of integers within 127, in lanes of 16 bits. The four
 * bytes of a row in a line become two pairs of such lanes, for columns j and j + 16, j + 8 and j +
 * 24 of a chunk. The sum of two products with such a pair is 2 * 128 * 127 at most, which 16 bits
 * hold.
 *
 * <p>A column is packed likewise: a chunk is 16 words, of which word j has the integers of columns
 * j and j + 16, the former in its lower half.
 */
final class Int8Dots {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final VectorSpecies<Integer> I = Species.INTS;
  private static final VectorSpecies<Short> S = Species.SHORTS;
  private static final VectorSpecies<Byte> B = Species.BYTES;
  private static final int ROWS = I.length();
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int SPAN_CHUNKS = PreparedInput.SPAN / CHUNK;

  /** Words of a chunk of a column. */
  static final int WORDS = CHUNK / 2;

  private static final int LOWER_HALF = 0xffff;

  /** What the lower half of a sum is larger by, so that it has no sign. */
  private static final int BIAS = 0x8000;

  // As vectors: each number that has to become one in a loop is much that C2 has to see through.
  private static final IntVector BIASES = IntVector.broadcast(I, BIAS);
  private static final ShortVector ZEROS = ShortVector.broadcast(S, (short) Int8TileLayout.ZERO);
  private static final ShortVector LOWER_BYTES = ShortVector.broadcast(S, (short) 0xff);

  private Int8Dots() {}

  /**
   * Rounds a column and packs it.
   *
   * @param x values from an index on, whole chunks
   * @param factor what they are multiplied by before they are rounded
   * @param words receives the words from an index on
   */
  static void pack(float[] x, int from, int chunks, float factor, int[] words, int to) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      int at = from + chunk * CHUNK;
      for (int i = 0; i < WORDS; i += ROWS) {
        FloatVector lower = round(FloatVector.fromArray(F, x, at + i).mul(factor));
        FloatVector upper = round(FloatVector.fromArray(F, x, at + WORDS + i).mul(factor));
        join(lower, upper).intoArray(words, to + chunk * WORDS + i);
      }
    }
  }

  /**
   * Rounds a column, and what is left over in steps of its own; packs both, one behind the other.
   *
   * @param steps steps of the second integer in one of the first
   */
  static void packTwo(
      float[] x, int from, int chunks, float factor, float steps, int[] words, int to) {
    int second = to + chunks * WORDS;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int at = from + chunk * CHUNK;
      for (int i = 0; i < WORDS; i += ROWS) {
        FloatVector lower = FloatVector.fromArray(F, x, at + i).mul(factor);
        FloatVector upper = FloatVector.fromArray(F, x, at + WORDS + i).mul(factor);
        FloatVector lowerInteger = round(lower);
        FloatVector upperInteger = round(upper);
        int word = chunk * WORDS + i;
        join(lowerInteger, upperInteger).intoArray(words, to + word);
        join(round(lower.sub(lowerInteger).mul(steps)), round(upper.sub(upperInteger).mul(steps)))
            .intoArray(words, second + word);
      }
    }
  }

  private static FloatVector round(FloatVector x) {
    return x.add(Elementary.ROUNDER).sub(Elementary.ROUNDER);
  }

  private static IntVector join(FloatVector lower, FloatVector upper) {
    IntVector low = (IntVector) lower.convert(VectorOperators.F2I, 0);
    IntVector high = (IntVector) upper.convert(VectorOperators.F2I, 0);
    return high.lanewise(VectorOperators.LSHL, 16).or(low.and(LOWER_HALF));
  }

  /**
   * Multiplies: the dot products of spans of 128 columns are added up in order, as floats.
   *
   * @param bytes the tiles' bytes
   * @param from index of the first one
   * @param tileBytes distance between tiles
   * @param tiles number of tiles
   * @param chunks chunks that are multiplied
   * @param words packed columns, one behind the other
   * @param columns number of packed columns
   * @param dots receives [column][row]
   * @param stride dots from a column to the next
   */
  static void multiply(
      byte[] bytes,
      int from,
      int tileBytes,
      int tiles,
      int chunks,
      int[] words,
      int columns,
      float[] dots,
      int stride) {
    for (int tile = 0; tile < tiles; tile++) {
      for (int row = 0; row < TILE; row += ROWS) {
        int at = from + tile * tileBytes + 4 * row;
        int to = tile * TILE + row;
        int column = 0;
        for (; column + 2 <= columns; column += 2) {
          two(bytes, at, chunks, words, column * chunks * WORDS, dots, to, stride);
          to += 2 * stride;
        }
        if (column < columns) {
          one(bytes, at, chunks, words, column * chunks * WORDS, dots, to);
        }
      }
    }
  }

  // Both loops are written out: C2 stops inlining methods of ours, not those of vectors, into code
  // that has grown large, and each vector that is an argument becomes an object then.
  //
  // Of a pair, the lower half has the bias and so no sign. What the pairs add up to, but for the
  // upper halves, are therefore the lower halves.
  private static void one(
      byte[] bytes, int from, int chunks, int[] words, int wordsFrom, float[] dots, int to) {
    FloatVector sum = FloatVector.zero(F);
    int at = from;
    int word = wordsFrom;
    for (int first = 0; first < chunks; first += SPAN_CHUNKS) {
      int length = Math.min(SPAN_CHUNKS, chunks - first);
      IntVector all = IntVector.zero(I);
      IntVector upper = all;
      for (int chunk = 0; chunk < length; chunk++) {
        for (int line = 0; line < LINES; line++) {
          ShortVector four = ByteVector.fromArray(B, bytes, at + line * LINE).reinterpretAsShorts();
          ShortVector even = four.lanewise(VectorOperators.AND, LOWER_BYTES).sub(ZEROS);
          ShortVector odd = four.lanewise(VectorOperators.LSHR, 8).sub(ZEROS);
          IntVector pair =
              even.mul(IntVector.broadcast(I, words[word + line]).reinterpretAsShorts())
                  .add(
                      odd.mul(
                          IntVector.broadcast(I, words[word + line + LINES]).reinterpretAsShorts()))
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.XOR, BIASES);
          all = all.add(pair);
          upper = upper.add(pair.lanewise(VectorOperators.ASHR, 16));
        }
        at += LINES * LINE;
        word += WORDS;
      }
      int bias = length * LINES * BIAS;
      IntVector lower = all.sub(upper.lanewise(VectorOperators.LSHL, 16)).sub(bias);
      sum = sum.add(lower.add(upper).convert(VectorOperators.I2F, 0));
    }
    sum.intoArray(dots, to);
  }

  private static void two(
      byte[] bytes,
      int from,
      int chunks,
      int[] words,
      int wordsFrom,
      float[] dots,
      int to,
      int stride) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    int at = from;
    int word0 = wordsFrom;
    int word1 = word0 + chunks * WORDS;
    for (int first = 0; first < chunks; first += SPAN_CHUNKS) {
      int length = Math.min(SPAN_CHUNKS, chunks - first);
      IntVector all0 = IntVector.zero(I);
      IntVector all1 = all0;
      IntVector upper0 = all0;
      IntVector upper1 = all0;
      for (int chunk = 0; chunk < length; chunk++) {
        for (int line = 0; line < LINES; line++) {
          ShortVector four = ByteVector.fromArray(B, bytes, at + line * LINE).reinterpretAsShorts();
          ShortVector even = four.lanewise(VectorOperators.AND, LOWER_BYTES).sub(ZEROS);
          ShortVector odd = four.lanewise(VectorOperators.LSHR, 8).sub(ZEROS);
          IntVector pair0 =
              even.mul(IntVector.broadcast(I, words[word0 + line]).reinterpretAsShorts())
                  .add(
                      odd.mul(
                          IntVector.broadcast(I, words[word0 + line + LINES])
                              .reinterpretAsShorts()))
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.XOR, BIASES);
          all0 = all0.add(pair0);
          upper0 = upper0.add(pair0.lanewise(VectorOperators.ASHR, 16));
          IntVector pair1 =
              even.mul(IntVector.broadcast(I, words[word1 + line]).reinterpretAsShorts())
                  .add(
                      odd.mul(
                          IntVector.broadcast(I, words[word1 + line + LINES])
                              .reinterpretAsShorts()))
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.XOR, BIASES);
          all1 = all1.add(pair1);
          upper1 = upper1.add(pair1.lanewise(VectorOperators.ASHR, 16));
        }
        at += LINES * LINE;
        word0 += WORDS;
        word1 += WORDS;
      }
      int bias = length * LINES * BIAS;
      IntVector lower0 = all0.sub(upper0.lanewise(VectorOperators.LSHL, 16)).sub(bias);
      sum0 = sum0.add(lower0.add(upper0).convert(VectorOperators.I2F, 0));
      IntVector lower1 = all1.sub(upper1.lanewise(VectorOperators.LSHL, 16)).sub(bias);
      sum1 = sum1.add(lower1.add(upper1).convert(VectorOperators.I2F, 0));
    }
    sum0.intoArray(dots, to);
    sum1.intoArray(dots, to + stride);
  }
}
