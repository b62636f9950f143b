package dev.bcq.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of floats in the shape of {@code Reduction}: sixteen partial sums, which are one, two or
 * four vectors, then a tree.
 */
final class Lanes {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  static final int LENGTH = F.length();
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  /** Returns the shuffle that brings lane {@code i + by} to lane i. */
  static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(F, lane -> (lane + by) % LENGTH);
  }

  /**
   * Returns the sum of partial sums 0..15, spread over as many vectors as it takes; the rest is not
   * read.
   */
  static float tree(FloatVector p0, FloatVector p1, FloatVector p2, FloatVector p3) {
    if (LENGTH == 16) {
      return below8(p0.add(p0.rearrange(BY_8)));
    }
    if (LENGTH == 8) {
      return below8(p0.add(p1));
    }
    return below4(p0.add(p2).add(p1.add(p3)));
  }

  private static float below8(FloatVector p) {
    return below4(p.add(p.rearrange(BY_4)));
  }

  private static float below4(FloatVector p) {
    FloatVector pairs = p.add(p.rearrange(BY_2));
    return pairs.add(pairs.rearrange(BY_1)).lane(0);
  }

  /** Returns the lanes below {@code count}, which may be negative or more than there are. */
  static VectorMask<Float> first(int count) {
    return F.indexInRange(0, Math.max(count, 0));
  }

  /** Returns the dot product of {@code length} values. */
  static float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    FloatVector p0 = FloatVector.zero(F);
    FloatVector p1 = p0;
    FloatVector p2 = p0;
    FloatVector p3 = p0;
    int whole = length & -16;
    int i = 0;
    for (; i < whole; i += 16) {
      p0 = p0.add(product(x, xFrom + i, y, yFrom + i));
      if (LENGTH <= 8) {
        p1 = p1.add(product(x, xFrom + i + LENGTH, y, yFrom + i + LENGTH));
      }
      if (LENGTH <= 4) {
        p2 = p2.add(product(x, xFrom + i + 8, y, yFrom + i + 8));
        p3 = p3.add(product(x, xFrom + i + 12, y, yFrom + i + 12));
      }
    }
    if (i < length) {
      int rest = length - i;
      p0 = addRest(p0, x, xFrom + i, y, yFrom + i, rest);
      if (LENGTH <= 8) {
        p1 = addRest(p1, x, xFrom + i + LENGTH, y, yFrom + i + LENGTH, rest - LENGTH);
      }
      if (LENGTH <= 4) {
        p2 = addRest(p2, x, xFrom + i + 8, y, yFrom + i + 8, rest - 8);
        p3 = addRest(p3, x, xFrom + i + 12, y, yFrom + i + 12, rest - 12);
      }
    }
    return tree(p0, p1, p2, p3);
  }

  private static FloatVector product(float[] x, int xAt, float[] y, int yAt) {
    return FloatVector.fromArray(F, x, xAt).mul(FloatVector.fromArray(F, y, yAt));
  }

  private static FloatVector addRest(
      FloatVector p, float[] x, int xAt, float[] y, int yAt, int rest) {
    if (rest <= 0) {
      return p;
    }
    VectorMask<Float> mask = first(rest);
    FloatVector product =
        FloatVector.fromArray(F, x, xAt, mask).mul(FloatVector.fromArray(F, y, yAt, mask));
    return p.add(product, mask);
  }

  /** Returns the sum of {@code length} values. */
  static float sum(float[] x, int from, int length) {
    FloatVector p0 = FloatVector.zero(F);
    FloatVector p1 = p0;
    FloatVector p2 = p0;
    FloatVector p3 = p0;
    int whole = length & -16;
    int i = 0;
    for (; i < whole; i += 16) {
      p0 = p0.add(FloatVector.fromArray(F, x, from + i));
      if (LENGTH <= 8) {
        p1 = p1.add(FloatVector.fromArray(F, x, from + i + LENGTH));
      }
      if (LENGTH <= 4) {
        p2 = p2.add(FloatVector.fromArray(F, x, from + i + 8));
        p3 = p3.add(FloatVector.fromArray(F, x, from + i + 12));
      }
    }
    if (i < length) {
      int rest = length - i;
      p0 = addRest(p0, x, from + i, rest);
      if (LENGTH <= 8) {
        p1 = addRest(p1, x, from + i + LENGTH, rest - LENGTH);
      }
      if (LENGTH <= 4) {
        p2 = addRest(p2, x, from + i + 8, rest - 8);
        p3 = addRest(p3, x, from + i + 12, rest - 12);
      }
    }
    return tree(p0, p1, p2, p3);
  }

  private static FloatVector addRest(FloatVector p, float[] x, int at, int count) {
    if (count <= 0) {
      return p;
    }
    VectorMask<Float> mask = first(count);
    return p.add(FloatVector.fromArray(F, x, at, mask), mask);
  }

  /** Adds {@code length} values y to others, x. */
  static void add(float[] x, int from, float[] y, int yFrom, int length) {
    int i = 0;
    // Java itself makes no vectors of it: the arrays could be one.
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector sum = FloatVector.fromArray(F, x, from + i);
      sum.add(FloatVector.fromArray(F, y, yFrom + i)).intoArray(x, from + i);
    }
    for (; i < length; i++) {
      x[from + i] += y[yFrom + i];
    }
  }

  /** Multiplies {@code length} values x by others, y. */
  static void multiply(float[] x, int from, float[] y, int yFrom, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector product = FloatVector.fromArray(F, x, from + i);
      product.mul(FloatVector.fromArray(F, y, yFrom + i)).intoArray(x, from + i);
    }
    for (; i < length; i++) {
      x[from + i] *= y[yFrom + i];
    }
  }

  /** Multiplies {@code length} values by a factor. */
  static void scale(float[] x, int from, int length, float factor) {
    for (int i = from; i < from + length; i++) {
      x[i] *= factor;
    }
  }

  /** Returns the largest magnitude of values. */
  static float largestMagnitude(float[] x, int from, int to) {
    int whole = from + (to - from & -LENGTH);
    FloatVector largest = FloatVector.zero(F);
    for (int i = from; i < whole; i += LENGTH) {
      largest = largest.max(FloatVector.fromArray(F, x, i).abs());
    }
    float maximum = largest.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < to; i++) {
      maximum = Math.max(maximum, Math.abs(x[i]));
    }
    return maximum;
  }

  /** Subtracts a number from {@code length} values. */
  static void subtract(float[] x, int from, int length, float number) {
    int end = from + length;
    int whole = from + (length & -LENGTH);
    for (int i = from; i < whole; i += LENGTH) {
      FloatVector.fromArray(F, x, i).sub(number).intoArray(x, i);
    }
    for (int i = whole; i < end; i++) {
      x[i] -= number;
    }
  }

  /** Returns the largest of {@code length} values. */
  static float maximum(float[] x, int from, int length) {
    int end = from + length;
    int whole = from + (length & -LENGTH);
    FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (int i = from; i < whole; i += LENGTH) {
      FloatVector values = FloatVector.fromArray(F, x, i);
      largest = largest.blend(values, values.compare(VectorOperators.GT, largest));
    }
    float maximum = largest.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < end; i++) {
      maximum = x[i] > maximum ? x[i] : maximum;
    }
    return maximum;
  }

  /** Returns the first index with {@code addend + x[index] > bound}, or {@code to}. */
  static int firstAbove(float[] x, int from, int to, float addend, float bound) {
    int index = from;
    FloatVector addends = FloatVector.broadcast(F, addend);
    while (index + LENGTH <= to
        && !addends
            .add(FloatVector.fromArray(F, x, index))
            .compare(VectorOperators.GT, bound)
            .anyTrue()) {
      index += LENGTH;
    }
    while (index < to && !(addend + x[index] > bound)) {
      index++;
    }
    return index;
  }

  /** Returns the sum of {@code length} squared differences from {@code center}. */
  static float sumOfSquares(float[] x, int from, int length, float center) {
    FloatVector p0 = FloatVector.zero(F);
    FloatVector p1 = p0;
    FloatVector p2 = p0;
    FloatVector p3 = p0;
    int whole = length & -16;
    int i = 0;
    for (; i < whole; i += 16) {
      p0 = p0.add(squares(x, from + i, center));
      if (LENGTH <= 8) {
        p1 = p1.add(squares(x, from + i + LENGTH, center));
      }
      if (LENGTH <= 4) {
        p2 = p2.add(squares(x, from + i + 8, center));
        p3 = p3.add(squares(x, from + i + 12, center));
      }
    }
    if (i < length) {
      int rest = length - i;
      p0 = addSquares(p0, x, from + i, rest, center);
      if (LENGTH <= 8) {
        p1 = addSquares(p1, x, from + i + LENGTH, rest - LENGTH, center);
      }
      if (LENGTH <= 4) {
        p2 = addSquares(p2, x, from + i + 8, rest - 8, center);
        p3 = addSquares(p3, x, from + i + 12, rest - 12, center);
      }
    }
    return tree(p0, p1, p2, p3);
  }

  private static FloatVector squares(float[] x, int at, float center) {
    FloatVector difference = FloatVector.fromArray(F, x, at).sub(center);
    return difference.mul(difference);
  }

  private static FloatVector addSquares(FloatVector p, float[] x, int at, int count, float center) {
    if (count <= 0) {
      return p;
    }
    VectorMask<Float> mask = first(count);
    FloatVector difference = FloatVector.fromArray(F, x, at, mask).sub(center);
    return p.add(difference.mul(difference), mask);
  }
}
