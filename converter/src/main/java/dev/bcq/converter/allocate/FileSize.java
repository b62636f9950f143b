package dev.bcq.converter.allocate;

import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;

/** Foresees bytes in a file. */
final class FileSize {
  private FileSize() {}

  /** Returns the bytes of rows with the same number of planes, scales of two bytes among them. */
  static long ofBlock(int rows, int cols, int planes, QuantizationOptions options) {
    return BitPlaneLayout.bitsLength(rows, cols, planes) + scales(rows, cols, planes, options);
  }

  private static long scales(int rows, int cols, int planes, QuantizationOptions options) {
    return Short.BYTES
        * BitPlaneLayout.scaleCount(rows, cols, planes, options.groupSize(), options.offset());
  }

  /** Returns the bytes of a matrix, those between its blocks among them. */
  static long ofMatrix(int rows, int cols, RowDivision division, QuantizationOptions options) {
    long bytes = division.order() == null ? 0 : DataBlock.paddedLength((long) rows * Integer.BYTES);
    for (RowDivision.Part part : division.parts()) {
      bytes += DataBlock.paddedLength(BitPlaneLayout.bitsLength(part.rows(), cols, part.planes()));
      bytes += DataBlock.paddedLength(scales(part.rows(), cols, part.planes(), options));
    }
    return bytes;
  }
}
