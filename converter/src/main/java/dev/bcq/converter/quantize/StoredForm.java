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
   * @param scaleAxis what scales belong to; null is read as outputs
   * @param heads equal ranges of rows with scales of their own, if scales belong to inputs; else 1
   * @param blocks ranges of stored rows, in order; one if scales belong to inputs
   * @param storedRows stored row of each row, 32-bit little-endian integers; null if they are the
   *     same
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BitPlanes(
      int groupSize,
      boolean offset,
      ScaleType scaleType,
      ScaleAxis scaleAxis,
      int heads,
      List<Block> blocks,
      byte @Nullable [] storedRows)
      implements StoredForm {

    /** Fills in what the first version did not write: its scales belong to outputs. */
    @SuppressWarnings("NullAway") // JSON leaves out what is not there.
    public BitPlanes {
      if (scaleAxis == null) {
        scaleAxis = ScaleAxis.OUTPUT;
        heads = 1;
      }
    }

    /** Returns planes whose scales belong to rows, in one block and in order, with no groups. */
    public static BitPlanes ofRows(int planes, boolean offset, int rows, RowScales scales) {
      int slots = offset ? planes + 1 : planes;
      byte[] bytes = new byte[4 * (int) BitPlaneLayout.scaleCount(rows, 1, planes, 0, offset)];
      ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < rows; row++) {
        for (int slot = 0; slot < slots; slot++) {
          int index = (int) BitPlaneLayout.scaleIndex(row, 0, slot, 1, slots);
          values.putFloat(4 * index, scales.get(row, slot));
        }
      }
      return new BitPlanes(
          0,
          offset,
          ScaleType.FLOAT32,
          ScaleAxis.OUTPUT,
          1,
          List.of(new Block(rows, planes, bytes)),
          null);
    }

    /** Returns planes whose scales belong to the columns of each head. */
    public static BitPlanes ofInputs(
        int planes, int heads, int rows, int cols, InputScales scales) {
      int padded = BitPlaneLayout.chunks(cols) * BitPlaneLayout.CHUNK_COLS;
      byte[] bytes = new byte[4 * heads * planes * padded];
      ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int head = 0; head < heads; head++) {
        for (int plane = 0; plane < planes; plane++) {
          for (int col = 0; col < cols; col++) {
            values.putFloat(
                4 * ((head * planes + plane) * padded + col), scales.get(head, plane, col));
          }
        }
      }
      return new BitPlanes(
          0,
          false,
          ScaleType.FLOAT32,
          ScaleAxis.INPUT,
          heads,
          List.of(new Block(rows, planes, bytes)),
          null);
    }

    @Override
    public boolean fits(int rows, int cols) {
      if (scaleType == null || blocks == null || groupSize < 0 || groupSize % 32 != 0) {
        return false;
      }
      boolean input = scaleAxis == ScaleAxis.INPUT;
      if (heads < 1 || (input ? rows % heads != 0 || !isOneBlock() : heads != 1)) {
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

    private boolean isOneBlock() {
      return blocks.size() == 1 && groupSize == 0 && !offset && storedRows == null;
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

  /** Scales and offset of rows. */
  @FunctionalInterface
  interface RowScales {

    /** Returns the scale of a plane, or behind the planes the offset. */
    float get(int row, int slot);
  }

  /** Scales of inputs. */
  @FunctionalInterface
  interface InputScales {

    /** Returns what a plane of a head's rows is multiplied by in a column. */
    float get(int head, int plane, int col);
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
          matrix.scaleAxis() == ScaleAxis.INPUT
              ? (long) matrix.heads()
                  * planes
                  * BitPlaneLayout.chunks(cols)
                  * BitPlaneLayout.CHUNK_COLS
              : BitPlaneLayout.scaleCount(rows, cols, planes, matrix.groupSize(), matrix.offset());
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

  /** Returns the form of a matrix of a file. */
  static StoredForm of(BcqFile file, MatrixEntry entry) {
    return switch (entry.storage()) {
      case MatrixEntry.Float32 dense -> new Float32();
      case MatrixEntry.Int8 int8 -> new Int8(copy(file, int8.scales()));
      case MatrixEntry.BitPlanes planes ->
          new BitPlanes(
              planes.groupSize(),
              planes.offset(),
              planes.scaleType(),
              planes.scaleAxis(),
              planes.heads(),
              planes.blocks().stream()
                  .map(block -> new Block(block.rows(), block.planes(), copy(file, block.scales())))
                  .toList(),
              planes.permutation() == null ? null : copy(file, planes.permutation()));
    };
  }

  private static byte[] copy(BcqFile file, DataBlock block) {
    ByteBuffer bytes = file.block(block);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}
