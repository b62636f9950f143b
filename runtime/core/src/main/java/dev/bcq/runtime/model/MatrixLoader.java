package dev.bcq.runtime.model;

import dev.bcq.format.BcqFile;
import dev.bcq.format.BcqFormatException;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Float16;
import dev.bcq.format.Int8TileLayout;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import dev.bcq.format.MatrixEntry.Int8Order;
import dev.bcq.format.MatrixEntry.RowBlock;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import dev.bcq.runtime.tensor.BcqMatrix;
import dev.bcq.runtime.tensor.BitPlaneBlock;
import dev.bcq.runtime.tensor.FloatMatrix;
import dev.bcq.runtime.tensor.InputScaledMatrix;
import dev.bcq.runtime.tensor.Int8Matrix;
import dev.bcq.runtime.tensor.Matrix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Wraps the matrices of a file: weights stay where they are, scales become floats. Bytes that an
 * old file has row by row become tiles.
 */
public final class MatrixLoader {

  private MatrixLoader() {}

  /** Returns a matrix of a file. */
  public static Matrix load(BcqFile file, MatrixEntry entry) {
    if (entry.storage() instanceof BitPlanes planes) {
      return planes.scaleAxis() == ScaleAxis.INPUT
          ? inputScaled(file, entry, planes)
          : bitPlanes(file, entry, planes);
    }
    if (entry.storage() instanceof Float32 dense) {
      return new FloatMatrix(entry.rows(), entry.cols(), file.block(dense.values()));
    }
    Int8 int8 = (Int8) entry.storage();
    ByteBuffer values = file.block(int8.values());
    return new Int8Matrix(
        entry.rows(),
        entry.cols(),
        int8.order() == Int8Order.TILES ? values : tiles(entry, values),
        floats(file.block(int8.scales())));
  }

  /**
   * Returns row-major bytes as tiles, in memory of their own. Only files from before there were
   * tiles pay for that; in all others weights stay where they are.
   *
   * @throws BcqFormatException if the tiles have more bytes than a buffer
   */
  private static ByteBuffer tiles(MatrixEntry entry, ByteBuffer byRows) {
    long length = Int8TileLayout.valuesLength(entry.rows(), entry.cols());
    if (length > Integer.MAX_VALUE) {
      throw new BcqFormatException(
          "matrix "
              + entry.name()
              + " needs "
              + length
              + " bytes as tiles; at most 2^31 are possible: convert the model anew");
    }
    int chunks = BitPlaneLayout.chunks(entry.cols());
    ByteBuffer tiles = ByteBuffer.allocateDirect((int) length);
    for (int i = 0; i < length; i++) {
      tiles.put(i, (byte) Int8TileLayout.ZERO);
    }
    for (int row = 0; row < entry.rows(); row++) {
      for (int col = 0; col < entry.cols(); col++) {
        int weight = byRows.get(row * entry.cols() + col);
        int at = (int) Int8TileLayout.byteOffset(row, col, chunks);
        tiles.put(at, (byte) (weight + Int8TileLayout.ZERO));
      }
    }
    return tiles;
  }

  private static Matrix inputScaled(BcqFile file, MatrixEntry entry, BitPlanes planes) {
    RowBlock block = planes.blocks().get(0);
    return new InputScaledMatrix(
        entry.rows(),
        entry.cols(),
        block.planes(),
        planes.heads(),
        file.block(block.bits()),
        scales(file.block(block.scales()), planes.scaleType()));
  }

  private static Matrix bitPlanes(BcqFile file, MatrixEntry entry, BitPlanes planes) {
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
              scales(scales, planes.scaleType())));
      firstRow += block.rows();
    }
    int[] storedRows =
        planes.permutation() == null ? null : integers(file.block(planes.permutation()));
    return new BcqMatrix(blocks, storedRows);
  }

  /**
   * Returns scales as floats.
   *
   * @param bytes little-endian, from position 0
   */
  public static float[] scales(ByteBuffer bytes, ScaleType type) {
    return type == ScaleType.FLOAT16 ? halves(bytes) : floats(bytes);
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
