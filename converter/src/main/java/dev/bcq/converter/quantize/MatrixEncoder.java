package dev.bcq.converter.quantize;

import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
  private final @Nullable InputMoments moments;

  /** Makes solvers of rows in a shape. */
  private interface Solving extends Function<RowShape, RowSolver> {}

  /**
   * Creates an encoder.
   *
   * @param name canonical name, for messages
   * @param moments what calibration has seen of the inputs, or null: then planes are found from the
   *     weights alone
   */
  public MatrixEncoder(
      String name, int rows, int cols, RowSource source, @Nullable InputMoments moments) {
    this.name = name;
    this.rows = rows;
    this.cols = cols;
    this.source = new FiniteRows(name, cols, source);
    this.moments = moments;
  }

  /** Returns the matrix in a number of planes. */
  public EncodedMatrix quantize(int planes, QuantizationOptions options) {
    return quantize(RowDivision.whole(planes, rows), options);
  }

  /** Returns the matrix with as many planes for each row as a division says. */
  public EncodedMatrix quantize(RowDivision division, QuantizationOptions options) {
    if (moments == null) {
      return quantize(
          division, options, shape -> new GroupwiseSolver(shape, options.method(), null), null);
    }
    RowSolvers solvers = new RowSolvers(moments);
    List<Candidate> candidates = new ArrayList<>();
    EncodedMatrix.BitPlanes best = null;
    for (Candidate.Solver solver : Candidate.Solver.values()) {
      OutputErrorSum error = new OutputErrorSum(moments);
      EncodedMatrix.BitPlanes found =
          quantize(division, options, shape -> solvers.of(solver, shape), error);
      Candidate candidate = new Candidate(solver, error.relative());
      if (best == null || candidate.outputError() < candidates.get(0).outputError()) {
        best = found;
        candidates.add(0, candidate);
      } else {
        candidates.add(candidate);
      }
    }
    return Objects.requireNonNull(best).with(candidates);
  }

  /** Returns the matrix as one way of calibrated quantization makes it. */
  public EncodedMatrix.BitPlanes quantize(
      RowDivision division, QuantizationOptions options, Candidate.Solver solver) {
    InputMoments inputs = Objects.requireNonNull(moments);
    RowSolvers solvers = new RowSolvers(inputs);
    OutputErrorSum error = new OutputErrorSum(inputs);
    EncodedMatrix.BitPlanes found =
        quantize(division, options, shape -> solvers.of(solver, shape), error);
    return found.with(List.of(new Candidate(solver, error.relative())));
  }

  private EncodedMatrix.BitPlanes quantize(
      RowDivision division,
      QuantizationOptions options,
      Solving solving,
      @Nullable OutputErrorSum outputError) {
    ScaleType type = scaleType();
    Errors errors = new Errors(new ErrorSum(), outputError);
    List<EncodedMatrix.Block> blocks = new ArrayList<>();
    int first = 0;
    for (RowDivision.Part part : division.parts()) {
      int size = part.rows();
      int groupSize = options.groupSize() == 0 ? cols : options.groupSize();
      RowShape shape =
          new RowShape(cols, part.planes(), groupSize, options.offset(), type == ScaleType.FLOAT16);
      blocks.add(block(division, first, size, shape, options, solving.apply(shape), errors));
      first += size;
    }
    return new EncodedMatrix.BitPlanes(
        options.groupSize(),
        options.offset(),
        type,
        ScaleAxis.OUTPUT,
        1,
        blocks,
        division.storedRows(),
        errors.ofWeights().relative(),
        EncodedMatrix.Origin.QUANTIZED,
        List.of());
  }

  private record Errors(ErrorSum ofWeights, @Nullable OutputErrorSum ofOutputs) {
    void add(float[] row, float[] stored) {
      for (int col = 0; col < row.length; col++) {
        ofWeights.add(row[col], stored[col]);
      }
      if (ofOutputs != null) {
        ofOutputs.add(row, stored);
      }
    }
  }

  private EncodedMatrix.Block block(
      RowDivision division,
      int first,
      int size,
      RowShape shape,
      QuantizationOptions options,
      RowSolver solver,
      Errors errors) {
    ScaleType type = shape.halfScales() ? ScaleType.FLOAT16 : ScaleType.FLOAT32;
    BlockPacker packer =
        new BlockPacker(size, cols, shape.planes(), options.groupSize(), shape.offset(), type);
    Levels levels = new Levels(shape.planes());
    float[] row = new float[cols];
    float[] stored = new float[cols];
    int[] codes = new int[cols];
    float[] slots = new float[shape.groups() * shape.slots()];
    for (int i = 0; i < size; i++) {
      source.read(division.row(first + i), row);
      solver.solve(row, codes, slots);
      shape.restore(codes, slots, levels, stored);
      errors.add(row, stored);
      packer.put(i, codes, slots);
    }
    return packer.block();
  }

  /** Returns the number type that scales will have. */
  public ScaleType scaleType() {
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
