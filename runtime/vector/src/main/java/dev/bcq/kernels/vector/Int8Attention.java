package dev.bcq.kernels.vector;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.kernels.KeyValueRows;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
import dev.bcq.runtime.tensor.Views.Viewer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention to keys and values in 8 bits, up to four queries at once. Scores and weighted sums are
 * products of tiles, of all rows up to the last one that a query knows; rows in an order of their
 * own only matter in between.
 */
final class Int8Attention {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int LENGTH = Lanes.LENGTH;
  private static final Viewer<KeyValueRows, Int8Attention> OF = Int8Attention::new;
  private static final int QUERIES = 4;
  private static final int TILE = BitPlaneLayout.TILE_ROWS;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int CHUNK_BYTES = Int8TileLayout.CHUNK_BYTES;
  private static final int WORDS = Int8Dots.WORDS;

  /** Steps of the lower byte of a weight in one of the upper. */
  private static final float STEPS = 254f;

  private final KeyValueRows memory;

  /** A query, filled up to whole chunks. */
  private float[] padded = {};

  /** Packed queries, then the two bytes of the weights of each. */
  private int[] words = {};

  /** Dot products of keys by row, then the two sums of the values of each query. */
  private float[] dots = {};

  /** Scales of the queries, then the factors of what they find. */
  private final float[] factors = new float[QUERIES];

  /** Tiles of the keys that the present queries know. */
  private int keyTiles;

  /** Chunks of their rows. */
  private int rowChunks;

  private Int8Attention(KeyValueRows memory) {
    this.memory = memory;
  }

  static void attend(
      Activations queries,
      KeyValueRows memory,
      Int8KeyValues int8,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    Int8Attention attention = memory.views().get(OF);
    for (int column = columnFrom; column < columnTo; column += QUERIES) {
      int number = column - columnFrom;
      int count = Math.min(QUERIES, columnTo - column);
      attention.begin(int8, number, count);
      for (int head = headFrom; head < headTo; head++) {
        attention.score(int8, head, queries, column, count);
        for (int i = 0; i < count; i++) {
          attention.weigh(int8, head, number + i, i);
        }
        attention.mix(int8, head, context, column, count);
      }
    }
  }

  /** Makes room for queries, a number of them behind the first one of the call. */
  private void begin(Int8KeyValues int8, int number, int count) {
    int rows = usedRows(number, count);
    keyTiles = BitPlaneLayout.tiles(rows);
    rowChunks = BitPlaneLayout.chunks(rows);
    int widthChunks = BitPlaneLayout.chunks(int8.headWidth());
    if (padded.length < widthChunks * CHUNK) {
      padded = new float[widthChunks * CHUNK];
    }
    int neededWords = QUERIES * Math.max(widthChunks, 2 * rowChunks) * WORDS;
    if (words.length < neededWords) {
      words = new int[Math.max(neededWords, 2 * words.length)];
    }
    int neededDots = QUERIES * Math.max(2 * widthChunks, rowChunks) * CHUNK;
    if (dots.length < neededDots) {
      dots = new float[Math.max(neededDots, 2 * dots.length)];
    }
  }

  private int usedRows(int number, int count) {
    RowNumbers numbers = memory.rows();
    if (numbers == null) {
      return memory.count();
    }
    int last = 0;
    for (int query = number; query < number + count; query++) {
      int from = memory.rowsAt() + query * memory.rowsStride();
      for (int i = from; i < from + memory.count(); i++) {
        last = Math.max(last, numbers.values()[i]);
      }
    }
    return last + 1;
  }

  /** Computes the dot products of queries and keys. */
  private void score(Int8KeyValues int8, int head, Activations queries, int column, int count) {
    int width = int8.headWidth();
    int chunks = BitPlaneLayout.chunks(width);
    for (int i = 0; i < count; i++) {
      System.arraycopy(queries.values(), queries.at(column + i) + head * width, padded, 0, width);
      Arrays.fill(padded, width, chunks * CHUNK, 0f);
      float maximum = Lanes.largestMagnitude(padded, 0, chunks * CHUNK);
      factors[i] = PreparedInput.scale(maximum) * memory.scale();
      Int8Dots.pack(padded, 0, chunks, PreparedInput.factor(maximum), words, i * chunks * WORDS);
    }
    Int8Dots.multiply(
        int8.tiles(),
        int8.keysAt(head),
        chunks * CHUNK_BYTES,
        keyTiles,
        chunks,
        words,
        count,
        dots,
        rowChunks * CHUNK);
  }

  /** Turns the dot products of a query into weights, and packs these. */
  private void weigh(Int8KeyValues int8, int head, int number, int query) {
    float[] scores = memory.scores().values();
    int count = memory.count();
    int places = BitPlaneLayout.chunks(count) * CHUNK;
    int at = query * places;
    RowNumbers numbers = memory.rows();
    int first = memory.rowsAt() + number * memory.rowsStride();
    int keyScales = int8.keyScalesAt(head);
    int dot = query * rowChunks * CHUNK;
    if (numbers == null) {
      scale(scores, at, dot, int8.scales(), keyScales, factors[query]);
    } else {
      pick(numbers.values(), first, scores, at, dot, int8.scales(), keyScales, factors[query]);
    }
    Activations bias = memory.bias();
    if (bias != null) {
      int from = memory.biasOffset() + number * memory.biasStep() + head * bias.stride();
      Lanes.add(scores, at, bias.values(), from, count);
    }
    float maximum = Lanes.maximum(scores, at, count);
    int filled = (count + 15) & -16;
    Arrays.fill(scores, at + count, at + filled, Float.NEGATIVE_INFINITY);
    Exponentials.apply(scores, at, filled, maximum);
    float factor = 1f / Lanes.sum(scores, at, filled);

    float[] weights = scores;
    int weight = at;
    int valueScales = int8.valueScalesAt(head);
    if (numbers == null) {
      Lanes.multiply(scores, at, int8.scales(), valueScales, count);
      Arrays.fill(scores, at + count, at + places, 0f);
    } else {
      weights = dots;
      weight = dot;
      place(numbers.values(), first, scores, at, dot, int8.scales(), valueScales);
    }
    float largest = Lanes.largestMagnitude(weights, weight, weight + rowChunks * CHUNK);
    factors[query] = factor * PreparedInput.scale(largest);
    int to = query * 2 * rowChunks * WORDS;
    Int8Dots.packTwo(weights, weight, rowChunks, PreparedInput.factor(largest), STEPS, words, to);
  }

  /** Computes scores of rows in their order; those behind the last position are anything. */
  private void scale(float[] scores, int at, int dot, float[] scales, int keyScales, float factor) {
    for (int i = 0; i < memory.count(); i += LENGTH) {
      FloatVector.fromArray(F, dots, dot + i)
          .mul(factor)
          .mul(FloatVector.fromArray(F, scales, keyScales + i))
          .intoArray(scores, at + i);
    }
  }

  /** Computes scores of rows by their numbers. */
  private void pick(
      int[] numbers,
      int first,
      float[] scores,
      int at,
      int dot,
      float[] scales,
      int keyScales,
      float factor) {
    for (int i = 0; i < memory.count(); i++) {
      int row = numbers[first + i];
      scores[at + i] = dots[dot + row] * factor * scales[keyScales + row];
    }
  }

  /** Puts weights where their rows' dot products were, and zeros between them. */
  private void place(
      int[] numbers,
      int first,
      float[] exponentials,
      int at,
      int dot,
      float[] scales,
      int valueScales) {
    Arrays.fill(dots, dot, dot + rowChunks * CHUNK, 0f);
    for (int i = 0; i < memory.count(); i++) {
      int row = numbers[first + i];
      dots[dot + row] = exponentials[at + i] * scales[valueScales + row];
    }
  }

  /** Adds up the values by the weights of their rows. */
  private void mix(Int8KeyValues int8, int head, Activations context, int column, int count) {
    int width = int8.headWidth();
    int tiles = BitPlaneLayout.tiles(width);
    int stride = tiles * TILE;
    Int8Dots.multiply(
        int8.tiles(),
        int8.valuesAt(head),
        int8.capacity() / CHUNK * CHUNK_BYTES,
        tiles,
        rowChunks,
        words,
        2 * count,
        dots,
        stride);
    for (int i = 0; i < count; i++) {
      int to = context.at(column + i) + head * width;
      join(2 * i * stride, stride, factors[i], context.values(), to, width);
    }
  }

  private void join(int high, int stride, float factor, float[] output, int to, int width) {
    int low = high + stride;
    int i = 0;
    for (; i + LENGTH <= width; i += LENGTH) {
      FloatVector.fromArray(F, dots, high + i)
          .add(FloatVector.fromArray(F, dots, low + i).mul(1f / STEPS))
          .mul(factor)
          .intoArray(output, to + i);
    }
    for (; i < width; i++) {
      output[to + i] = (dots[high + i] + dots[low + i] * (1f / STEPS)) * factor;
    }
  }
}
