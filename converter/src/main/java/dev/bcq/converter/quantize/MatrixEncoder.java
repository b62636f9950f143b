package dev.bcq.converter.quantize;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes one matrix. Immutable; every call is independent of all others. */
public final class MatrixEncoder {
  /** Weights beyond this would give scales that binary16 rounds coarsely or not at all. */
  private static final float LARGEST_HALF = 32768f;

  private static final float SMALLEST_HALF = 0x1p-8f;
  private static final int INT8_LARGEST = 127;

  private final String name;
  private final int rows;
  private final int cols;
  private final RowSource source;

  /**
   * Creates an encoder.
   *
   * @param name canonical name, for messages
   */
  public MatrixEncoder(String name, int rows, int cols, RowSource source) {
    this.name = name;
    this.rows = rows;
    this.cols = cols;
    this.source = new FiniteRows(name, cols, source);
  }

  /** Returns the matrix in a number of planes. */
  public EncodedMatrix quantize(int planes, QuantizationOptions options) {
    return quantize(new int[] {planes}, new int[] {rows}, null, options);
  }

  /**
   * Returns an embedding with fewer planes for rarer tokens (Chung and Kim 2020, section 3.2.1): as
   * many clusters of equal size as {@code mostPlanes}, the first with that many planes, the last
   * with one.
   *
   * @param order rows by falling importance
   */
  public EncodedMatrix quantizeClusters(int mostPlanes, int[] order, QuantizationOptions options) {
    List<Integer> planes = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < mostPlanes; i++) {
      int share = (int) ((long) rows * (i + 1) / mostPlanes);
      int end = i == mostPlanes - 1 ? rows : share / BitPlaneLayout.TILE_ROWS * 16;
      if (end > begin) {
        planes.add(mostPlanes - i);
        sizes.add(end - begin);
        begin = end;
      }
    }
    return quantize(
        planes.stream().mapToInt(Integer::intValue).toArray(),
        sizes.stream().mapToInt(Integer::intValue).toArray(),
        order,
        options);
  }

  private EncodedMatrix quantize(
      int[] planes, int[] sizes, int @Nullable [] order, QuantizationOptions options) {
    ScaleType type = scaleType();
    ErrorSum error = new ErrorSum();
    List<EncodedMatrix.Block> blocks = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < planes.length; i++) {
      blocks.add(block(planes[i], first, sizes[i], order, type, options, error));
      first += sizes[i];
    }
    int[] storedRows = null;
    if (order != null) {
      storedRows = new int[rows];
      for (int stored = 0; stored < rows; stored++) {
        storedRows[order[stored]] = stored;
      }
    }
    return new EncodedMatrix.BitPlanes(
        options.groupSize(),
        options.offset(),
        type,
        blocks,
        storedRows,
        error.relative(),
        EncodedMatrix.Origin.QUANTIZED);
  }

  private EncodedMatrix.Block block(
      int planes,
      int first,
      int size,
      int @Nullable [] order,
      ScaleType type,
      QuantizationOptions options,
      ErrorSum error) {
    GroupSolver solver =
        new GroupSolver(planes, options.offset(), options.method(), type == ScaleType.FLOAT16);
    BlockPacker packer =
        new BlockPacker(size, cols, planes, options.groupSize(), options.offset(), type);
    Levels levels = new Levels(planes);
    int groupSize = options.groupSize() == 0 ? cols : options.groupSize();
    int slots = options.offset() ? planes + 1 : planes;
    float[] row = new float[cols];
    int[] codes = new int[cols];
    float[] slotValues = new float[BitPlaneLayout.groups(cols, options.groupSize()) * slots];
    for (int i = 0; i < size; i++) {
      source.read(order == null ? first + i : order[first + i], row);
      for (int from = 0, at = 0; from < cols; from += groupSize, at += slots) {
        int length = Math.min(groupSize, cols - from);
        solver.solve(row, from, length, codes, slotValues, at);
        error.add(row, from, length, codes, slotValues, at, levels, options.offset());
      }
      packer.put(i, codes, slotValues);
    }
    return packer.block();
  }

  private ScaleType scaleType() {
    float[] row = new float[cols];
    float largest = 0;
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    boolean half = largest == 0 || (largest <= LARGEST_HALF && largest >= SMALLEST_HALF);
    return half ? ScaleType.FLOAT16 : ScaleType.FLOAT32;
  }

  /** Returns the matrix as 32-bit floats. */
  public EncodedMatrix toFloat32() {
    ByteBuffer values = allocate(name, (long) rows * cols * Float.BYTES);
    float[] row = new float[cols];
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      for (float value : row) {
        values.putFloat(value);
      }
    }
    values.flip();
    return new EncodedMatrix.Float32(values);
  }

  /** Returns the matrix as signed bytes, each row scaled by its largest magnitude. */
  public EncodedMatrix toInt8() {
    TilePacker tiles = new TilePacker(name, rows, cols);
    ByteBuffer scales = allocate(name, (long) rows * Float.BYTES);
    float[] row = new float[cols];
    ErrorSum error = new ErrorSum();
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      float largest = 0;
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
      float scale = largest / INT8_LARGEST;
      scales.putFloat(scale);
      for (int col = 0; col < cols; col++) {
        byte quantized = scale == 0 ? 0 : (byte) Math.rint(row[col] / scale);
        tiles.put(i, col, quantized);
        error.add(row[col], quantized * scale);
      }
    }
    scales.flip();
    return new EncodedMatrix.Int8(tiles.values(), scales, error.relative());
  }

  static ByteBuffer allocate(String name, long bytes) {
    if (bytes > Integer.MAX_VALUE - 64) {
      throw new QuantizationException(
          "%s needs %d bytes in this form; at most 2^31 are possible".formatted(name, bytes));
    }
    return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
