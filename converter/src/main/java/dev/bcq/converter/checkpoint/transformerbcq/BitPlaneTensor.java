package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.StoredForm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A quantized entry of a {@code .bcq.npy} file: {@code W[r,c] = sum_k alpha[r,k] * b[r,c,k]} of a
 * matrix [R, C], b in {-1,+1}. Bits stand along the columns, the most significant one first, planes
 * side by side: column c of plane k is bit {@code 7 - c % 8} of byte {@code (r * ceil(C/8) + c/8) *
 * planes + k}.
 *
 * <p>Source: {@code CheckpointQuantizer} and {@code quantize} of transformer_bcq.
 */
final class BitPlaneTensor {
  private static final int MOST_PLANES = 8;

  private final String name;
  private final List<Long> shape;
  private final int rows;
  private final int cols;
  private final int planes;
  private final MemorySegment bits;
  private final float[] alphas;

  /**
   * Checks and wraps an entry.
   *
   * @param name for messages
   * @param shape dimensions of the weights before they became a matrix
   * @param bits [R, ceil(C/8), planes] of bytes
   * @param alphas [R, planes]
   * @throws CheckpointException if shapes contradict each other, or a scale is negative or not
   *     finite
   */
  BitPlaneTensor(
      String name, List<Long> shape, List<Long> matrix, TensorSource bits, TensorSource alphas) {
    this.name = name;
    this.shape = shape;
    List<Long> bitShape = bits.shape();
    boolean consistent =
        matrix.size() == 2
            && bitShape.size() == 3
            && bits.type() == TensorSource.Type.U8
            && bitShape.get(0).equals(matrix.get(0))
            && bitShape.get(1) == (matrix.get(1) + 7) / 8
            && alphas.type().isFloat()
            && alphas.shape().equals(List.of(bitShape.get(0), bitShape.get(2)));
    if (!consistent || bits.count() > Integer.MAX_VALUE || alphas.count() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "%s has bits %s and alphas %s for a matrix %s; expected [R, C/8, planes] and [R, planes]"
              .formatted(name, bitShape, alphas.shape(), matrix));
    }
    long planeCount = bitShape.get(2);
    if (planeCount < 1 || planeCount > MOST_PLANES) {
      throw new CheckpointException(
          "%s has %d bits for a weight; supported: 1 to %d"
              .formatted(name, planeCount, MOST_PLANES));
    }
    this.rows = Math.toIntExact(matrix.get(0));
    this.cols = Math.toIntExact(matrix.get(1));
    this.planes = (int) planeCount;
    this.bits = bits.bytes();
    this.alphas = alphas.readAll();
    for (float alpha : this.alphas) {
      if (!(alpha >= 0 && alpha < Float.POSITIVE_INFINITY)) {
        throw new CheckpointException(
            "%s has the scale %s; expected a finite number from 0".formatted(name, alpha));
      }
    }
  }

  List<Long> shape() {
    return shape;
  }

  /** Returns the matrix as it is, where rows are outputs. */
  TensorSource byRows() {
    return TensorSource.computed(
        name,
        List.of((long) rows, (long) cols),
        (from, into, offset, values) -> {
          for (int i = 0; i < values; i++) {
            long at = from + i;
            into[offset + i] = weight((int) (at / cols), (int) (at % cols));
          }
        });
  }

  /** Returns the form that {@link #byRows} is stored in without loss. */
  StoredForm formByRows() {
    return StoredForm.BitPlanes.ofRows(
        planes, false, rows, (row, plane) -> alphas[row * planes + plane]);
  }

  /**
   * Returns the matrix [outputs, inputs] where rows are inputs.
   *
   * @param heads rows that belong to each input, one for each range of outputs
   */
  TensorSource byInputs(int heads) {
    int inputs = rows / heads;
    return TensorSource.computed(
        name,
        List.of((long) heads * cols, (long) inputs),
        (from, into, offset, values) -> {
          for (int i = 0; i < values; i++) {
            long output = (from + i) / inputs;
            int input = (int) ((from + i) % inputs);
            into[offset + i] = weight(input * heads + (int) (output / cols), (int) (output % cols));
          }
        });
  }

  /** Returns the form that {@link #byInputs} is stored in without loss. */
  StoredForm formByInputs(int heads) {
    return StoredForm.BitPlanes.ofInputs(
        planes,
        heads,
        heads * cols,
        rows / heads,
        (head, plane, input) -> alphas[(input * heads + head) * planes + plane]);
  }

  /** Returns a weight, its scales added up in the order of the planes. */
  private float weight(int row, int col) {
    long octet = ((long) row * ((cols + 7) / 8) + col / 8) * planes;
    float sum = 0;
    for (int plane = 0; plane < planes; plane++) {
      int bit = bits.get(ValueLayout.JAVA_BYTE, octet + plane) >> (7 - col % 8) & 1;
      float alpha = alphas[row * planes + plane];
      sum += bit == 1 ? alpha : -alpha;
    }
    return sum;
  }
}
