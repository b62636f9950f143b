package dev.bcq.converter.allocate;

import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;
import dev.bcq.format.MatrixEntry.ScaleType;

/** Foresees bytes in a file. */
final class FileSize {
  private FileSize() {}

  /** Returns the bytes of rows of a matrix with the same number of planes, scales among them. */
  static long ofBlock(QuantizableMatrix matrix, int rows, int planes, QuantizationOptions options) {
    return BitPlaneLayout.bitsLength(rows, matrix.cols(), planes)
        + scales(matrix, rows, planes, options);
  }

  private static long scales(
      QuantizableMatrix matrix, int rows, int planes, QuantizationOptions options) {
    int bytes = matrix.scaleType() == ScaleType.FLOAT16 ? Short.BYTES : Float.BYTES;
    return bytes
        * BitPlaneLayout.scaleCount(
            rows, matrix.cols(), planes, options.groupSize(), options.offset());
  }

  /** Returns the bytes of a matrix, those between its blocks among them. */
  static long ofMatrix(
      QuantizableMatrix matrix, RowDivision division, QuantizationOptions options) {
    long order = division.order() == null ? 0 : (long) matrix.rows() * Integer.BYTES;
    long bytes = DataBlock.paddedLength(order);
    for (RowDivision.Part part : division.parts()) {
      bytes +=
          DataBlock.paddedLength(
              BitPlaneLayout.bitsLength(part.rows(), matrix.cols(), part.planes()));
      bytes += DataBlock.paddedLength(scales(matrix, part.rows(), part.planes(), options));
    }
    return bytes;
  }
}
