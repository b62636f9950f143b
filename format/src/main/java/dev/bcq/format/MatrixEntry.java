package dev.bcq.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix [rows, cols] of the file.
 *
 * @param name canonical name, see {@link TransformerConfig}
 * @param rows outputs
 * @param cols inputs
 * @param storage how its weights are stored
 * @param relativeError squared error of the stored against the original weights, divided by the
 *     squared weights
 * @param recovered the original weights were sums of scaled signs and were taken over without loss
 */
public record MatrixEntry(
    String name, int rows, int cols, Storage storage, float relativeError, boolean recovered) {

  /** Returns the bits of all its weights, without scales and padding. */
  public long weightBits() {
    if (storage instanceof BitPlanes planes) {
      return planes.blocks().stream()
          .mapToLong(block -> (long) block.rows() * block.planes() * cols)
          .sum();
    }
    return (storage instanceof Float32 ? (long) Float.SIZE : Byte.SIZE) * rows * cols;
  }

  /** Returns the bytes that it takes in the file: planes, scales, offsets, padding, permutation. */
  public long storedBytes() {
    if (storage instanceof BitPlanes planes) {
      long permutation = planes.permutation() == null ? 0 : planes.permutation().length();
      return permutation
          + planes.blocks().stream()
              .mapToLong(block -> block.bits().length() + block.scales().length())
              .sum();
    }
    if (storage instanceof Int8 int8) {
      return int8.values().length() + int8.scales().length();
    }
    return ((Float32) storage).values().length();
  }

  /** How a matrix is stored. */
  public sealed interface Storage permits BitPlanes, Float32, Int8 {}

  /**
   * {@code W[r,c] = sum_p scale[r,g(c),p] * B_p[r,c] + z[r,g(c)]}, B in {-1,+1}; layout T16 of
   * FORMAT.md.
   *
   * @param groupSize columns that share scales, a multiple of 32; 0 = the whole row
   * @param offset whether z is stored
   * @param scaleType number type of scales and offsets
   * @param scaleAxis what scales belong to
   * @param heads with {@link ScaleAxis#INPUT}: number of equal ranges of rows that have their own
   *     scales, else 1
   * @param blocks ranges of stored rows with the same number of planes, in order; all but the last
   *     one have a multiple of 16 rows
   * @param permutation stored row of each logical row, 32-bit integers; null if they are the same
   */
  public record BitPlanes(
      int groupSize,
      boolean offset,
      ScaleType scaleType,
      ScaleAxis scaleAxis,
      int heads,
      List<RowBlock> blocks,
      @Nullable DataBlock permutation)
      implements Storage {}

  /**
   * A range of stored rows.
   *
   * @param rows number of rows
   * @param planes planes of each, 1 to 8
   * @param bits the planes
   * @param scales the scales
   */
  public record RowBlock(int rows, int planes, DataBlock bits, DataBlock scales) {}

  /**
   * Row-major 32-bit floats.
   *
   * @param values the weights
   */
  public record Float32(DataBlock values) implements Storage {}

  /**
   * {@code W[r,c] = scale[r] * q[r,c]}, q a signed byte in -127..127.
   *
   * @param order how q is stored
   * @param values q
   * @param scales 32-bit floats
   */
  public record Int8(Int8Order order, DataBlock values, DataBlock scales) implements Storage {}

  /** In which order signed bytes are stored. */
  public enum Int8Order {
    /** Row by row, as they are. Only old files have it. */
    ROWS,
    /** Tiles of 16 rows, see {@link Int8TileLayout}. */
    TILES
  }

  /** Number type of scales. */
  public enum ScaleType {
    /** IEEE 754 binary16. */
    FLOAT16,
    /** IEEE 754 binary32. */
    FLOAT32
  }

  /** What a scale belongs to. */
  public enum ScaleAxis {
    /** One scale for each row, group and plane. */
    OUTPUT,
    /**
     * One scale for each range of rows, plane and column (as the files of transformer_bcq have
     * them).
     */
    INPUT
  }
}
