package dev.bcq.converter.quantize;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.bcq.format.BcqFile;
import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.DataBlock;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model file stores a matrix, but for what the weights themselves say: planes and bytes are
 * found again by looking up each weight among the values that the scales can form. Arrays are
 * copies of the file's blocks.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "storage")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StoredForm.BitPlanes.class, name = "bit-planes"),
  @JsonSubTypes.Type(value = StoredForm.Float32.class, name = "float32"),
  @JsonSubTypes.Type(value = StoredForm.Int8.class, name = "int8")
})
public sealed interface StoredForm {

  /**
   * Bit-planes.
   *
   * @param groupSize columns that share scales, 0 = the whole row
   * @param offset whether each group has an offset
   * @param scaleType number type of scales and offsets
   * @param blocks ranges of stored rows, in order
   * @param storedRows stored row of each row, 32-bit little-endian integers; null if they are the
   *     same
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BitPlanes(
      int groupSize,
      boolean offset,
      ScaleType scaleType,
      List<Block> blocks,
      byte @Nullable [] storedRows)
      implements StoredForm {

    @Override
    public boolean fits(int rows, int cols) {
      if (scaleType == null || blocks == null || groupSize < 0 || groupSize % 32 != 0) {
        return false;
      }
      long all = 0;
      for (Block block : blocks) {
        if (block == null || !block.fits(cols, this)) {
          return false;
        }
        all += block.rows();
      }
      return all == rows && (storedRows == null || isPermutation(storedRows, rows));
    }

    private static boolean isPermutation(byte[] storedRows, int rows) {
      if (storedRows.length != 4L * rows) {
        return false;
      }
      ByteBuffer bytes = ByteBuffer.wrap(storedRows).order(ByteOrder.LITTLE_ENDIAN);
      BitSet seen = new BitSet(rows);
      while (bytes.hasRemaining()) {
        int row = bytes.getInt();
        if (row < 0 || row >= rows || seen.get(row)) {
          return false;
        }
        seen.set(row);
      }
      return true;
    }
  }

  /**
   * A range of stored rows.
   *
   * @param rows number of rows
   * @param planes planes of each, 1 to 8
   * @param scales scales and offsets as the file has them
   */
  record Block(int rows, int planes, byte[] scales) {

    private boolean fits(int cols, BitPlanes matrix) {
      if (rows < 1 || planes < 1 || planes > 8 || scales == null) {
        return false;
      }
      long count =
          BitPlaneLayout.scaleCount(rows, cols, planes, matrix.groupSize(), matrix.offset());
      return scales.length == count * (matrix.scaleType() == ScaleType.FLOAT16 ? 2 : 4);
    }
  }

  /** 32-bit floats. */
  record Float32() implements StoredForm {
    @Override
    public boolean fits(int rows, int cols) {
      return true;
    }
  }

  /**
   * Signed bytes.
   *
   * @param scales a little-endian 32-bit float for each row
   */
  record Int8(byte[] scales) implements StoredForm {
    @Override
    public boolean fits(int rows, int cols) {
      return scales != null && scales.length == 4L * rows;
    }
  }

  /** Returns whether a matrix of this size can be stored so. */
  boolean fits(int rows, int cols);

  /**
   * Returns the form of a matrix of a file.
   *
   * @throws QuantizationException if its scales run along the input
   */
  static StoredForm of(BcqFile file, MatrixEntry entry) {
    return switch (entry.storage()) {
      case MatrixEntry.Float32 dense -> new Float32();
      case MatrixEntry.Int8 int8 -> new Int8(copy(file, int8.scales()));
      case MatrixEntry.BitPlanes planes -> {
        if (planes.scaleAxis() != ScaleAxis.OUTPUT) {
          throw new QuantizationException(
              entry.name() + " has scales along its input, which this version cannot restore");
        }
        yield new BitPlanes(
            planes.groupSize(),
            planes.offset(),
            planes.scaleType(),
            planes.blocks().stream()
                .map(block -> new Block(block.rows(), block.planes(), copy(file, block.scales())))
                .toList(),
            planes.permutation() == null ? null : copy(file, planes.permutation()));
      }
    };
  }

  private static byte[] copy(BcqFile file, DataBlock block) {
    ByteBuffer bytes = file.block(block);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}
