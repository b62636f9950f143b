package dev.bcq.converter.quantize;

import dev.bcq.format.Int8TileLayout;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A matrix as it will be stored. Buffers hold their data from position to limit. */
public sealed interface EncodedMatrix {

  /** Returns the squared error divided by the squared weights. */
  double relativeError();

  /** Returns the bytes of the matrix in the file, without alignment. */
  long bytes();

  /** Returns how many of them are scales, offsets and the order of rows. */
  long scaleBytes();

  /** Where planes come from. */
  enum Origin {
    /** They were found as the best ones for the weights. */
    QUANTIZED,
    /** The weights were sums of scaled signs and are taken over without loss. */
    RECOVERED,
    /** The weights come from a model file, and its planes and scales again. */
    RESTORED
  }

  /**
   * Bit-planes.
   *
   * @param groupSize columns of a group, 0 = the whole row
   * @param offset whether there is an offset
   * @param scaleType number type of scales
   * @param scaleAxis what scales belong to
   * @param heads equal ranges of rows with scales of their own, if scales belong to inputs; else 1
   * @param blocks ranges of stored rows
   * @param storedRows stored row of each row, or null if they are the same
   * @param relativeError squared error divided by the squared weights
   * @param origin where the planes come from
   * @param candidates what calibration has compared, the best one first; empty without it
   */
  record BitPlanes(
      int groupSize,
      boolean offset,
      ScaleType scaleType,
      ScaleAxis scaleAxis,
      int heads,
      List<Block> blocks,
      int @Nullable [] storedRows,
      double relativeError,
      Origin origin,
      List<Candidate> candidates)
      implements EncodedMatrix {

    /** Returns the same matrix, said to be the best of candidates. */
    BitPlanes with(List<Candidate> compared) {
      return new BitPlanes(
          groupSize,
          offset,
          scaleType,
          scaleAxis,
          heads,
          blocks,
          storedRows,
          relativeError,
          origin,
          compared);
    }

    /** Returns whether the weights were sums of scaled signs and are taken over without loss. */
    public boolean recovered() {
      return origin != Origin.QUANTIZED;
    }

    @Override
    public long bytes() {
      return scaleBytes() + blocks.stream().mapToLong(block -> block.bits().remaining()).sum();
    }

    @Override
    public long scaleBytes() {
      long permutation = storedRows == null ? 0 : 4L * storedRows.length;
      return permutation + blocks.stream().mapToLong(block -> block.scales().remaining()).sum();
    }
  }

  /**
   * Rows with the same number of planes.
   *
   * @param rows number of rows
   * @param planes number of planes
   * @param bits layout T16
   * @param scales scales and offsets
   */
  record Block(int rows, int planes, ByteBuffer bits, ByteBuffer scales) {}

  /**
   * Row-major 32-bit floats.
   *
   * @param values the weights
   */
  record Float32(ByteBuffer values) implements EncodedMatrix {
    @Override
    public double relativeError() {
      return 0;
    }

    @Override
    public long bytes() {
      return values.remaining();
    }

    @Override
    public long scaleBytes() {
      return 0;
    }
  }

  /**
   * Signed bytes with a scale for each row.
   *
   * @param values tiles, see {@link Int8TileLayout}
   * @param scales 32-bit floats
   * @param relativeError squared error divided by the squared weights
   */
  record Int8(ByteBuffer values, ByteBuffer scales, double relativeError) implements EncodedMatrix {
    @Override
    public long bytes() {
      return values.remaining() + scaleBytes();
    }

    @Override
    public long scaleBytes() {
      return scales.remaining();
    }
  }
}
