package dev.bcq.converter.checkpoint.fairseq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Products of matrices, for those that a model would only apply one after the other. */
final class MatrixProducts {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private MatrixProducts() {}

  /**
   * Returns {@code a b^T}, summed in double and kept outside the heap.
   *
   * @param a [rows, inner]
   * @param b [cols, inner]
   * @param arena holds the product
   * @throws CheckpointException if the shapes do not fit
   */
  static TensorSource timesTransposed(TensorSource a, TensorSource b, Arena arena) {
    if (a.shape().size() != 2
        || b.shape().size() != 2
        || !a.shape().get(1).equals(b.shape().get(1))) {
      throw new CheckpointException(
          "%s has the shape %s and %s %s; expected as many columns"
              .formatted(a.name(), a.shape(), b.name(), b.shape()));
    }
    long rows = a.shape().get(0);
    int inner = Math.toIntExact(a.shape().get(1));
    int cols = Math.toIntExact(b.shape().get(0));
    MemorySegment product = arena.allocate(rows * cols * Float.BYTES, Float.BYTES);
    float[] right = b.readAll();
    float[] left = new float[inner];
    float[] out = new float[cols];
    for (long row = 0; row < rows; row++) {
      a.read(row * inner, left, 0, inner);
      for (int col = 0; col < cols; col++) {
        double sum = 0;
        for (int i = 0; i < inner; i++) {
          sum += (double) left[i] * right[col * inner + i];
        }
        out[col] = (float) sum;
      }
      MemorySegment.copy(out, 0, product, FLOAT, row * cols * Float.BYTES, cols);
    }
    return new TensorSource(a.name(), TensorSource.Type.F32, List.of(rows, (long) cols), product);
  }
}
