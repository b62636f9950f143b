package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Elementary;
import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Activations;
import dev.bcq.runtime.tensor.Int8Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Matrices of signed bytes. */
final class Int8 {
  private static final int TILE = 16;
  private static final VectorSpecies<Short> S = Species.SHORTS;
  private static final VectorSpecies<Integer> I = Species.INTS;

  /** Bytes that widen to one vector of shorts. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  private Int8() {}

  static void prepare(PreparedInput input) {
    int padded = input.chunks() * 32;
    for (int column = 0; column < input.columns(); column++) {
      for (int span = 0; span < input.spans(); span++) {
        int from = column * padded + span * PreparedInput.SPAN;
        int to = Math.min(from + PreparedInput.SPAN, (column + 1) * padded);
        prepare(input, from, to, column * input.spans() + span);
      }
    }
  }

  private static void prepare(PreparedInput input, int from, int to, int span) {
    float[] x = input.floats();
    float maximum = Lanes.largestMagnitude(x, from, to);
    float factor = PreparedInput.factor(maximum);
    input.byteScales()[span] = PreparedInput.scale(maximum);
    byte[] bytes = input.bytes();
    for (int i = from; i < to; i++) {
      bytes[i] = (byte) Elementary.round(x[i] * factor);
    }
  }

  static void multiplyBytes(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    MemorySegment weights = MemorySegment.ofBuffer(w.values());
    int cols = w.cols();
    int rowTo = Math.min(tileTo * TILE, w.rows());
    for (int row = tileFrom * TILE; row < rowTo; row++) {
      for (int column = 0; column < x.columns(); column++) {
        int from = column * x.chunks() * 32;
        float sum = 0;
        for (int span = 0; span < x.spans(); span++) {
          int begin = span * PreparedInput.SPAN;
          int count = Math.min(PreparedInput.SPAN, cols - begin);
          int dot = dot(weights, (long) row * cols + begin, x.bytes(), from + begin, count);
          sum += dot * x.byteScales()[column * x.spans() + span];
        }
        y.values()[y.at(column) + row] = sum * w.scales()[row];
      }
    }
  }

  // A product of two bytes within 127 fits a short; sums are kept in integers.
  private static int dot(MemorySegment weights, long at, byte[] x, int from, int count) {
    IntVector sum = IntVector.zero(I);
    int whole = count & -B.length();
    for (int i = 0; i < whole; i += B.length()) {
      ByteVector bytes = ByteVector.fromMemorySegment(B, weights, at + i, ByteOrder.LITTLE_ENDIAN);
      ShortVector a = (ShortVector) bytes.convertShape(VectorOperators.B2S, S, 0);
      ShortVector b =
          (ShortVector)
              ByteVector.fromArray(B, x, from + i).convertShape(VectorOperators.B2S, S, 0);
      ShortVector product = a.mul(b);
      sum = sum.add(product.convertShape(VectorOperators.S2I, I, 0));
      sum = sum.add(product.convertShape(VectorOperators.S2I, I, 1));
    }
    int dot = sum.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < count; i++) {
      dot += weights.get(ValueLayout.JAVA_BYTE, at + i) * x[from + i];
    }
    return dot;
  }

  static void multiplyFloats(
      Int8Matrix w, int tileFrom, int tileTo, PreparedInput x, Activations y) {
    MemorySegment weights = MemorySegment.ofBuffer(w.values());
    int cols = w.cols();
    int rowTo = Math.min(tileTo * TILE, w.rows());
    float[] row = new float[cols];
    for (int i = tileFrom * TILE; i < rowTo; i++) {
      for (int col = 0; col < cols; col++) {
        row[col] = weights.get(ValueLayout.JAVA_BYTE, (long) i * cols + col);
      }
      for (int column = 0; column < x.columns(); column++) {
        float dot = Lanes.dot(row, 0, x.floats(), column * x.chunks() * 32, cols);
        y.values()[y.at(column) + i] = dot * w.scales()[i];
      }
    }
  }
}
