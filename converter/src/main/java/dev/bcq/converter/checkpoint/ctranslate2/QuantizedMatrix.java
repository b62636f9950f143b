package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.util.List;

/**
 * A matrix of int8 or int16 codes. Its values are {@code code / scale}, with a scale for each row
 * or one for all; they are computed as they are read, of the codes where they lie.
 */
final class QuantizedMatrix {
  private final TensorSource codes;
  private final float[] scales;
  private final long rowLength;

  private QuantizedMatrix(TensorSource codes, float[] scales) {
    this.codes = codes;
    this.scales = scales;
    long rows = codes.shape().get(0);
    this.rowLength = rows == 0 ? 1 : Math.max(1, codes.count() / rows);
  }

  /** Returns the values of a matrix with one scale for all. */
  static TensorSource values(TensorSource codes, float scale) {
    return values(codes, new float[] {scale});
  }

  /**
   * Returns the values of a matrix.
   *
   * @param codes [rows, ...], integers
   * @param scales floats: one, or one for each row
   */
  static TensorSource values(TensorSource codes, TensorSource scales) {
    long rows = codes.shape().get(0);
    boolean one = scales.count() == 1 && scales.shape().size() <= 1;
    boolean perRow = scales.shape().equals(List.of(rows));
    if (!scales.type().isFloat() || !(one || perRow)) {
      throw new CheckpointException(
          "%s is %s of %s; expected one float or %d, as %s has rows"
              .formatted(scales.name(), scales.shape(), scales.type(), rows, codes.name()));
    }
    float[] values = scales.readAll();
    for (float scale : values) {
      if (!(scale > 0) || !Float.isFinite(scale)) {
        throw new CheckpointException(
            "%s holds %s; expected scales above 0".formatted(scales.name(), scale));
      }
    }
    return values(codes, values);
  }

  private static TensorSource values(TensorSource codes, float[] scales) {
    QuantizedMatrix matrix = new QuantizedMatrix(codes, scales);
    return TensorSource.computed(codes.name(), codes.shape(), matrix::read);
  }

  private void read(long from, float[] into, int offset, int count) {
    codes.read(from, into, offset, count);
    if (scales.length == 1) {
      for (int i = offset; i < offset + count; i++) {
        into[i] /= scales[0];
      }
      return;
    }
    int row = (int) (from / rowLength);
    long left = rowLength - from % rowLength;
    for (int i = offset; i < offset + count; i++) {
      if (left == 0) {
        row++;
        left = rowLength;
      }
      into[i] /= scales[row];
      left--;
    }
  }
}
