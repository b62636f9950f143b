package dev.bcq.converter.quantize;

import java.util.Arrays;

/**
 * The values that scales and offset can form, sorted. Code bit {@code planes - 1 - p} stands for
 * plane p, so that the first plane, which has the largest scale, is the highest bit.
 */
final class Levels {
  private final int planes;
  private final float[] values;
  private final int[] codes;
  private final int[] indices;
  private final double[] bounds;
  private final float[] mergedValues;
  private final int[] mergedCodes;
  private int count;

  Levels(int planes) {
    int all = 1 << planes;
    this.planes = planes;
    this.values = new float[all];
    this.codes = new int[all];
    this.indices = new int[all];
    this.bounds = new double[all];
    this.mergedValues = new float[all];
    this.mergedCodes = new int[all];
  }

  /**
   * Takes new scales. Of equal levels the highest code is kept, which is the one place where
   * patterns tie.
   *
   * @param scales not negative, descending
   */
  void set(float[] scales, float offset) {
    set(scales, 0, offset);
  }

  /** Takes new scales and, if there is one, the offset behind them from {@code at}. */
  void set(float[] slots, int at, boolean offset) {
    set(slots, at, offset ? slots[at + planes] : 0f);
  }

  private void set(float[] scales, int at, float offset) {
    values[0] = 0;
    codes[0] = 0;
    for (int plane = 0; plane < planes; plane++) {
      addPlane(1 << plane, scales[at + plane]);
    }
    count = 0;
    for (int i = 0; i < values.length; i++) {
      // Adds up in the order in which the runtime adds scales: planes first, the offset last.
      float value = values[i] + offset;
      if (count > 0 && values[count - 1] == value) {
        codes[count - 1] = Math.max(codes[count - 1], codes[i]);
      } else {
        values[count] = value;
        codes[count] = codes[i];
        count++;
      }
      indices[mergedCodes[i]] = count - 1;
    }
    for (int i = 0; i + 1 < count; i++) {
      bounds[i] = ((double) values[i] + values[i + 1]) / 2;
    }
    Arrays.fill(bounds, count - 1, bounds.length, Double.POSITIVE_INFINITY);
  }

  /**
   * Replaces the sums of the planes before by those less and plus a scale, sorted. They lie on both
   * sides of zero alike: the upper half is the lower one with all signs turned.
   */
  private void addPlane(int sums, float scale) {
    int minus = 0;
    int plus = 0;
    int last = 2 * sums - 1;
    for (int i = 0; i < sums; i++) {
      float less = values[minus] - scale;
      float more = values[plus] + scale;
      int isLess = less <= more ? 1 : 0;
      float value = Math.min(less, more);
      int code = 2 * codes[isLess == 1 ? minus : plus] + 1 - isLess;
      mergedValues[i] = value;
      mergedCodes[i] = code;
      mergedValues[last - i] = -value;
      mergedCodes[last - i] = last - code;
      minus += isLess;
      plus += 1 - isLess;
    }
    System.arraycopy(mergedValues, 0, values, 0, 2 * sums);
    System.arraycopy(mergedCodes, 0, codes, 0, 2 * sums);
  }

  private float sum(int code, float[] slots, int at) {
    float sum = 0;
    for (int plane = 0; plane < planes; plane++) {
      sum += ((code >> (planes - 1 - plane)) & 1) == 1 ? slots[at + plane] : -slots[at + plane];
    }
    return sum;
  }

  /** Returns the weight that a code stands for, with scales and offset from {@code at}. */
  float sum(int code, float[] slots, int at, boolean offset) {
    return offset ? sum(code, slots, at) + slots[at + planes] : sum(code, slots, at);
  }

  int count() {
    return count;
  }

  float value(int index) {
    return values[index];
  }

  int code(int index) {
    return codes[index];
  }

  /** Returns the index of the level of a code. */
  int index(int code) {
    return indices[code];
  }

  /** Returns the largest weight that belongs to a level: halfway to the next one. */
  double upperBound(int index) {
    return bounds[index];
  }

  /** Returns whether a level is the nearest to a weight. */
  boolean isNearest(int index, float weight) {
    return weight <= bounds[index] && (index == 0 || weight > bounds[index - 1]);
  }

  /** Returns the level nearest to a weight, the lower one of two. */
  int nearest(float weight) {
    int index = 0;
    for (int half = bounds.length >> 1; half > 0; half >>= 1) {
      index += weight > bounds[index + half - 1] ? half : 0;
    }
    return index;
  }
}
