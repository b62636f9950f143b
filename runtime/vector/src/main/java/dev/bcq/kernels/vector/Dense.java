package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dense float32 matrices, the baseline: fused multiply-add, four rows and up to two columns in
 * registers. Inputs are padded with zeros to 32, so only the weights of a row's end need care.
 */
final class Dense {
  private static final VectorSpecies<Float> F = Species.FLOATS;
  private static final int LENGTH = Lanes.LENGTH;
  private static final int TILE = 16;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Dense() {}

  static void multiply(FloatMatrix w, int tileFrom, int tileTo, PreparedInput x, Activations to) {
    MemorySegment weights = VectorViews.of(w);
    int padded = x.chunks() * 32;
    float[] y = to.values();
    int rowTo = Math.min(tileTo * TILE, w.rows());
    int row = tileFrom * TILE;
    for (; row + 4 <= rowTo; row += 4) {
      int column = 0;
      for (; column + 2 <= x.columns(); column += 2) {
        int at = to.at(column) + row;
        fourByTwo(weights, w.cols(), row, x.floats(), column * padded, padded, y, at, to.stride());
      }
      if (column < x.columns()) {
        int at = to.at(column) + row;
        fourByOne(weights, w.cols(), row, x.floats(), column * padded, y, at);
      }
    }
    for (; row < rowTo; row++) {
      for (int column = 0; column < x.columns(); column++) {
        y[to.at(column) + row] = one(weights, w.cols(), row, x.floats(), column * padded);
      }
    }
  }

  private static FloatVector load(MemorySegment weights, long index) {
    return FloatVector.fromMemorySegment(F, weights, 4 * index, ByteOrder.LITTLE_ENDIAN);
  }

  private static void fourByTwo(
      MemorySegment weights,
      int cols,
      int row,
      float[] x,
      int from,
      int stride,
      float[] y,
      int at,
      int yStride) {
    long w = (long) row * cols;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    int whole = cols & -LENGTH;
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector xa = FloatVector.fromArray(F, x, from + i);
      FloatVector xb = FloatVector.fromArray(F, x, from + stride + i);
      FloatVector w0 = load(weights, w + i);
      FloatVector w1 = load(weights, w + cols + i);
      FloatVector w2 = load(weights, w + 2L * cols + i);
      FloatVector w3 = load(weights, w + 3L * cols + i);
      a0 = w0.fma(xa, a0);
      a1 = w1.fma(xa, a1);
      a2 = w2.fma(xa, a2);
      a3 = w3.fma(xa, a3);
      b0 = w0.fma(xb, b0);
      b1 = w1.fma(xb, b1);
      b2 = w2.fma(xb, b2);
      b3 = w3.fma(xb, b3);
    }
    store(a0, a1, a2, a3, weights, cols, row, whole, x, from, y, at);
    store(b0, b1, b2, b3, weights, cols, row, whole, x, from + stride, y, at + yStride);
  }

  private static void fourByOne(
      MemorySegment weights, int cols, int row, float[] x, int from, float[] y, int at) {
    long w = (long) row * cols;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int whole = cols & -LENGTH;
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector xa = FloatVector.fromArray(F, x, from + i);
      a0 = load(weights, w + i).fma(xa, a0);
      a1 = load(weights, w + cols + i).fma(xa, a1);
      a2 = load(weights, w + 2L * cols + i).fma(xa, a2);
      a3 = load(weights, w + 3L * cols + i).fma(xa, a3);
    }
    store(a0, a1, a2, a3, weights, cols, row, whole, x, from, y, at);
  }

  private static void store(
      FloatVector a0,
      FloatVector a1,
      FloatVector a2,
      FloatVector a3,
      MemorySegment weights,
      int cols,
      int row,
      int whole,
      float[] x,
      int from,
      float[] y,
      int at) {
    y[at] = a0.reduceLanes(VectorOperators.ADD) + rest(weights, cols, row, whole, x, from);
    y[at + 1] = a1.reduceLanes(VectorOperators.ADD) + rest(weights, cols, row + 1, whole, x, from);
    y[at + 2] = a2.reduceLanes(VectorOperators.ADD) + rest(weights, cols, row + 2, whole, x, from);
    y[at + 3] = a3.reduceLanes(VectorOperators.ADD) + rest(weights, cols, row + 3, whole, x, from);
  }

  private static float one(MemorySegment weights, int cols, int row, float[] x, int from) {
    long w = (long) row * cols;
    FloatVector sum = FloatVector.zero(F);
    int whole = cols & -LENGTH;
    for (int i = 0; i < whole; i += LENGTH) {
      sum = load(weights, w + i).fma(FloatVector.fromArray(F, x, from + i), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD) + rest(weights, cols, row, whole, x, from);
  }

  private static float rest(
      MemorySegment weights, int cols, int row, int whole, float[] x, int from) {
    float sum = 0;
    for (int i = whole; i < cols; i++) {
      sum += weights.get(FLOAT, 4 * ((long) row * cols + i)) * x[from + i];
    }
    return sum;
  }
}
