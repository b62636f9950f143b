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
  private int count;

  Levels(int planes) {
    this.planes = planes;
    this.values = new float[1 << planes];
    this.codes = new int[1 << planes];
  }

  /**
   * Takes new scales. Of equal levels the highest code is kept, which is the one place where
   * patterns tie.
   *
   * @param scales not negative, descending
   */
  void set(float[] scales, float offset) {
    int all = 1 << planes;
    long[] sorted = new long[all];
    for (int code = 0; code < all; code++) {
      int ordered = Float.floatToIntBits(value(code, scales, offset) + 0f);
      ordered ^= (ordered >> 31) & 0x7fffffff;
      sorted[code] = ((long) ordered << 32) | code;
    }
    Arrays.sort(sorted);
    count = 0;
    for (long key : sorted) {
      int code = (int) key;
      float value = value(code, scales, offset);
      if (count > 0 && values[count - 1] == value) {
        codes[count - 1] = code;
      } else {
        values[count] = value;
        codes[count] = code;
        count++;
      }
    }
  }

  /** Takes new scales and, if there is one, the offset behind them from {@code at}. */
  void set(float[] slots, int at, boolean offset) {
    set(Arrays.copyOfRange(slots, at, at + planes), offset ? slots[at + planes] : 0f);
  }

  /** Adds up in the order in which the runtime adds scales: planes first, the offset last. */
  private float value(int code, float[] scales, float offset) {
    return sum(code, scales, 0) + offset;
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

  /** Returns the largest weight that belongs to a level: halfway to the next one. */
  double upperBound(int index) {
    return ((double) values[index] + values[index + 1]) / 2;
  }

  /** Returns the level nearest to a weight, the lower one of two. */
  int nearest(float weight) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (weight <= upperBound(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
