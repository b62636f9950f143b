package dev.bcq.kernels.c;

import dev.bcq.runtime.tensor.Activations;
import java.util.Arrays;
import java.util.Random;

/** Random numbers and arrays, now and then a wrong one. */
abstract class HostileValues {
  /** Columns of activations. */
  static final int[] COLUMNS = {1, 2, 3, 4, 5, 8};

  private static final int[] WRONG = {
    -1,
    0,
    1,
    2,
    15,
    17,
    -16,
    1 << 16,
    1 << 28,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1,
    Integer.MAX_VALUE - 15,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1,
    -(1 << 16),
    -(1 << 30)
  };

  /** Of so many numbers and arrays one is wrong. */
  static final int RARITY = 24;

  /** Values that buffers may have; more only take time. */
  static final int MOST_VALUES = 200_000;

  private static final float UNTOUCHED = 1234.5f;

  final Random random;

  HostileValues(long seed) {
    random = new Random(seed);
  }

  int pick(int[] values) {
    return values[random.nextInt(values.length)];
  }

  <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Returns a number, or a wrong one: near it, or far from everything. */
  int number(int right) {
    if (random.nextInt(RARITY) != 0) {
      return right;
    }
    return switch (random.nextInt(3)) {
      case 0 -> right - 2 + random.nextInt(5);
      case 1 -> -1 - random.nextInt(16);
      default -> pick(WRONG);
    };
  }

  /** Returns a length, or one that is a little too short. */
  int length(long right) {
    int length = (int) Math.max(0, Math.min(right, MOST_VALUES));
    return random.nextInt(RARITY) == 0 ? Math.max(0, length - 1 - random.nextInt(3)) : length;
  }

  float[] floats(long count) {
    float[] x = new float[length(count)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  float[] untouched(long count) {
    float[] y = new float[length(count)];
    Arrays.fill(y, UNTOUCHED);
    return y;
  }

  /** Returns columns of some rows with a few values in between, as many as fit the array. */
  Activations columns(int columns, int rows, boolean written) {
    int offset = random.nextInt(3);
    int stride = rows + random.nextInt(4);
    long length = offset + (columns - 1L) * stride + rows;
    float[] values = written ? untouched(length) : floats(length);
    return new Activations(values, number(offset), number(stride));
  }

  /** Returns whether columns share places, which are then written in an order of one's own. */
  static boolean overlap(Activations y, int rows) {
    return y.stride() < rows;
  }
}
