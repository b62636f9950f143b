package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.quantize.StoredForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Integers times one scale: {@code W = scale * code}, codes of b bits from {@code -(2^b - 1)} to
 * {@code 2^b - 1}. Up to four bits they are b + 1 planes with an offset, more are signed bytes;
 * both hold the codes without loss.
 *
 * <p>Source: {@code Quantize} in {@code QuantizedLinear} of Compressed-Transformers.
 */
final class StoredCodes {
  /** Bits of codes that are planes. */
  private static final int MOST_BITS = 4;

  private final TensorSource codes;
  private final float scale;
  private final int rows;
  private final int most;
  private final boolean wrapped;

  /**
   * Reads codes.
   *
   * @param codes [rows, cols] of signed bytes
   * @param scale the value of the code 1
   */
  StoredCodes(TensorSource codes, TensorSource scale) {
    if (codes.type() != TensorSource.Type.I8 || codes.shape().size() != 2 || scale.count() != 1) {
      throw new CheckpointException(
          "%s is %s %s with %d scales; expected a matrix of I8 with one"
              .formatted(codes.name(), codes.type(), codes.shape(), scale.count()));
    }
    this.codes = codes;
    this.scale = scale.readAll()[0];
    this.rows = Math.toIntExact(codes.shape().get(0));
    int largest = 0;
    boolean smallest = false;
    for (float code : codes.readAll()) {
      largest = Math.max(largest, (int) Math.abs(code));
      smallest |= code == Byte.MIN_VALUE;
    }
    this.most = largest;
    this.wrapped = smallest;
    if (!(this.scale >= 0 && this.scale < Float.POSITIVE_INFINITY)) {
      throw new CheckpointException(
          "%s is %s; expected a number from 0".formatted(scale.name(), this.scale));
    }
  }

  /** Returns whether codes did not fit their bytes: then some have the wrong sign. */
  boolean wrapped() {
    return wrapped;
  }

  private int bits() {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(most));
  }

  private boolean arePlanes() {
    return bits() <= MOST_BITS;
  }

  /** Returns half of the value of the code 1, times a power of two. */
  private float planeScale(int plane) {
    return scale * (float) Math.scalb(1.0, bits() - 1 - plane);
  }

  /**
   * Returns the weights. Those of planes are rounded as the runtime adds planes up, which may be
   * the last bit away from {@code scale * code}.
   */
  TensorSource weights() {
    if (!arePlanes()) {
      return codes.times(scale);
    }
    int planes = bits() + 1;
    return TensorSource.computed(
        codes.name(),
        codes.shape(),
        (from, into, offset, values) -> {
          codes.read(from, into, offset, values);
          for (int i = offset; i < offset + values; i++) {
            into[i] = sum((int) into[i], planes);
          }
        });
  }

  // Codes count from the lowest, -(2^b - 1), whose planes are all negative.
  private float sum(int code, int planes) {
    int pattern = code + (1 << (planes - 1)) - 1;
    float sum = 0;
    for (int plane = 0; plane < planes; plane++) {
      boolean one = ((pattern >> (planes - 1 - plane)) & 1) == 1;
      sum += one ? planeScale(plane) : -planeScale(plane);
    }
    return sum + scale / 2;
  }

  /** Returns the form that holds the weights without loss. */
  StoredForm form() {
    if (arePlanes()) {
      int planes = bits() + 1;
      return StoredForm.BitPlanes.ofRows(
          planes, true, rows, (row, slot) -> slot < planes ? planeScale(slot) : scale / 2);
    }
    float[] scales = new float[rows];
    Arrays.fill(scales, scale);
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(scales);
    return new StoredForm.Int8(bytes.array());
  }
}
