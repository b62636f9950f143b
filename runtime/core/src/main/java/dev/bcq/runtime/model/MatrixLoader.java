package dev.bcq.runtime.model;

import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.Float16;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import dev.bcq.format.MatrixEntry.RowBlock;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Wraps the matrices of a file: weights stay where they are, scales become floats. */
public final class MatrixLoader {

  private MatrixLoader() {}

  /**
   * Returns a matrix of a file.
   *
   * @throws BcqFormatException if its scales run along the input
   */
  public static Matrix load(BcqFile file, MatrixEntry entry) {
    if (entry.storage() instanceof BitPlanes planes) {
      return bitPlanes(file, entry, planes);
    }
    if (entry.storage() instanceof Float32 dense) {
      return new FloatMatrix(entry.rows(), entry.cols(), file.block(dense.values()));
    }
    Int8 int8 = (Int8) entry.storage();
    return new Int8Matrix(
        entry.rows(), entry.cols(), file.block(int8.values()), floats(file.block(int8.scales())));
  }

  private static BcqMatrix bitPlanes(BcqFile file, MatrixEntry entry, BitPlanes planes) {
    if (planes.scaleAxis() == ScaleAxis.INPUT) {
      throw new BcqFormatException(
          "matrix "
              + entry.name()
              + " has scales along its input; this version computes only scales along the output");
    }
    List<BitPlaneBlock> blocks = new ArrayList<>();
    int firstRow = 0;
    for (RowBlock block : planes.blocks()) {
      ByteBuffer scales = file.block(block.scales());
      blocks.add(
          new BitPlaneBlock(
              firstRow,
              block.rows(),
              entry.cols(),
              block.planes(),
              planes.groupSize(),
              planes.offset(),
              file.block(block.bits()),
              planes.scaleType() == ScaleType.FLOAT16 ? halves(scales) : floats(scales)));
      firstRow += block.rows();
    }
    int[] storedRows =
        planes.permutation() == null ? null : integers(file.block(planes.permutation()));
    return new BcqMatrix(blocks, storedRows);
  }

  static float[] floats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static float[] halves(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(bytes.getShort(2 * i));
    }
    return values;
  }

  private static int[] integers(ByteBuffer bytes) {
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }
}
