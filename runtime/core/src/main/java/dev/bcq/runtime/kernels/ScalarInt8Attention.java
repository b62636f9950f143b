package dev.bcq.runtime.kernels;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8KeyValues;
import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scalar attention over keys and values in 8 bits. Integers stand in the scratch as floats,
 * which hold them.
 */
final class ScalarInt8Attention {
  private static final int SPAN = PreparedInput.SPAN;
  private static final int CHUNK = BitPlaneLayout.CHUNK_COLS;
  private static final int LINE = BitPlaneLayout.LINE_BYTES;
  private static final int LINES = Int8TileLayout.LINES;
  private static final int ZERO = Int8TileLayout.ZERO;

  /** Steps of the lower byte of a weight in one of the upper. */
  private static final float STEPS = 254f;

  private ScalarInt8Attention() {}

  /** Stores key and value of a column in a row. */
  static void store(
      Activations keys,
      Activations values,
      int column,
      Int8KeyValues memory,
      int row,
      int headFrom,
      int headTo) {
    int width = memory.headWidth();
    for (int head = headFrom; head < headTo; head++) {
      int key = keys.at(column) + head * width;
      float maximum = ScalarKernels.largestMagnitude(keys.values(), key, key + width);
      float factor = PreparedInput.factor(maximum);
      memory.scales()[memory.keyScalesAt(head) + row] = PreparedInput.scale(maximum);
      for (int i = 0; i < width; i++) {
        memory.tiles()[memory.keyAt(head, row, i)] = rounded(keys.values()[key + i] * factor);
      }
      int value = values.at(column) + head * width;
      maximum = ScalarKernels.largestMagnitude(values.values(), value, value + width);
      factor = PreparedInput.factor(maximum);
      memory.scales()[memory.valueScalesAt(head) + row] = PreparedInput.scale(maximum);
      for (int i = 0; i < width; i++) {
        memory.tiles()[memory.valueAt(head, row, i)] = rounded(values.values()[value + i] * factor);
      }
    }
  }

  private static byte rounded(float x) {
    return (byte) (Elementary.round(x) + ZERO);
  }

  static void attend(
      Activations queries,
      KeyValueRows memory,
      Int8KeyValues rows,
      Activations context,
      int columnFrom,
      int columnTo,
      int headFrom,
      int headTo) {
    for (int column = columnFrom; column < columnTo; column++) {
      for (int head = headFrom; head < headTo; head++) {
        attend(queries, memory, rows, context, column, column - columnFrom, head);
      }
    }
  }

  /** Attends with a head of a column, a number of queries behind the first one of the call. */
  private static void attend(
      Activations queries,
      KeyValueRows memory,
      Int8KeyValues int8,
      Activations context,
      int column,
      int number,
      int head) {
    float[] scores = memory.scores().values();
    int count = memory.count();
    int width = memory.headWidth();
    int firstRow = memory.rowsAt() + number * memory.rowsStride();
    int query = scores.length - width;
    float scale =
        round(queries.values(), queries.at(column) + head * width, width, scores, query)
            * memory.scale();
    Activations bias = memory.bias();
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int row = row(memory.rows(), firstRow, i);
      float dot = product(int8.tiles(), int8.keyAt(head, row, 0), width, scores, query);
      float score = dot * scale * int8.scales()[int8.keyScalesAt(head) + row];
      if (bias != null) {
        int at = memory.biasOffset() + number * memory.biasStep() + head * bias.stride();
        score += bias.values()[at + i];
      }
      scores[i] = score;
      maximum = Math.max(maximum, score);
    }
    for (int i = 0; i < count; i++) {
      scores[i] = Elementary.exp(scores[i] - maximum);
    }
    float factor = 1f / Reduction.sum(scores, 0, count);

    int used = 0;
    float largest = 0;
    for (int i = 0; i < count; i++) {
      int row = row(memory.rows(), firstRow, i);
      scores[i] *= int8.scales()[int8.valueScalesAt(head) + row];
      largest = Math.max(largest, scores[i]);
      used = Math.max(used, row + 1);
    }
    int high = (count + CHUNK - 1) & -CHUNK;
    int low = high + ((used + CHUNK - 1) & -CHUNK);
    Arrays.fill(scores, high, low + used, 0f);
    float toBytes = PreparedInput.factor(largest);
    for (int i = 0; i < count; i++) {
      int row = row(memory.rows(), firstRow, i);
      float weight = scores[i] * toBytes;
      float rounded = Elementary.round(weight);
      scores[high + row] = rounded;
      scores[low + row] = Elementary.round((weight - rounded) * STEPS);
    }
    factor *= PreparedInput.scale(largest);
    int output = context.at(column) + head * width;
    for (int i = 0; i < width; i++) {
      int value = int8.valueAt(head, 0, i);
      float sum =
          product(int8.tiles(), value, used, scores, high)
              + product(int8.tiles(), value, used, scores, low) * (1f / STEPS);
      context.values()[output + i] = sum * factor;
    }
  }

  private static int row(@Nullable RowNumbers rows, int first, int position) {
    return rows == null ? position : rows.values()[first + position];
  }

  /** Rounds a query to bytes, and returns their scale. */
  private static float round(float[] x, int from, int width, float[] rounded, int to) {
    float maximum = ScalarKernels.largestMagnitude(x, from, from + width);
    float factor = PreparedInput.factor(maximum);
    for (int i = 0; i < width; i++) {
      rounded[to + i] = Elementary.round(x[from + i] * factor);
    }
    return PreparedInput.scale(maximum);
  }

  /**
   * Returns the product of a row of tiles and integers, spans of it added up as floats.
   *
   * @param row the row's first byte
   * @param length columns
   */
  private static float product(byte[] tiles, int row, int length, float[] integers, int from) {
    float sum = 0;
    for (int span = 0; span < length; span += SPAN) {
      int dot = 0;
      int end = Math.min(span + SPAN, length);
      for (int octet = span; octet < end; octet += LINES) {
        int at = row + octet / CHUNK * Int8TileLayout.CHUNK_BYTES + octet % CHUNK / LINES;
        for (int i = octet; i < Math.min(octet + LINES, end); i++) {
          dot += ((tiles[at] & 0xff) - ZERO) * (int) integers[from + i];
          at += LINE;
        }
      }
      sum += dot;
    }
    return sum;
  }
}
