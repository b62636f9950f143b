package dev.bcq.converter.quantize;

import dev.bcq.format.Float16;
import dev.bcq.format.MatrixEntry.ScaleAxis;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.util.List;
import java.util.Locale;

/**
 * Takes over one matrix whose weights are sums of scaled signs already. Immutable; every call is
 * independent of all others.
 */
public final class MatrixRecovery {
  private final String name;
  private final int rows;
  private final int cols;
  private final RowSource source;

  /**
   * Prepares for a matrix.
   *
   * @param name canonical name, for messages
   */
  public MatrixRecovery(String name, int rows, int cols, RowSource source) {
    this.name = name;
    this.rows = rows;
    this.cols = cols;
    this.source = new FiniteRows(name, cols, source);
  }

  /**
   * Returns the number of planes that hold the matrix without loss, or 0 if it is no sum of scaled
   * signs.
   */
  public int planes() {
    ExactRecovery recovery = new ExactRecovery(cols);
    float[] row = new float[cols];
    int planes = 0;
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      int needed = recovery.planes(row);
      if (needed == 0) {
        return 0;
      }
      planes = Math.max(planes, needed);
    }
    return planes;
  }

  /** Returns the matrix in the number of planes that {@link #planes} has found. */
  public EncodedMatrix.BitPlanes recover(int planes) {
    float[][] scales = recoveredScales(planes);
    ScaleType type = areHalves(scales) ? ScaleType.FLOAT16 : ScaleType.FLOAT32;
    BlockPacker packer = new BlockPacker(rows, cols, planes, 0, false, type);
    Levels levels = new Levels(planes);
    float[] row = new float[cols];
    int[] codes = new int[cols];
    ErrorSum error = new ErrorSum();
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      levels.set(scales[i], 0f);
      for (int col = 0; col < cols; col++) {
        int nearest = levels.nearest(row[col]);
        codes[col] = levels.code(nearest);
        error.add(row[col], levels.value(nearest));
      }
      packer.put(i, codes, scales[i]);
    }
    return new EncodedMatrix.BitPlanes(
        0,
        false,
        type,
        ScaleAxis.OUTPUT,
        1,
        List.of(packer.block()),
        null,
        error.relative(),
        EncodedMatrix.Origin.RECOVERED,
        List.of());
  }

  private float[][] recoveredScales(int planes) {
    ExactRecovery recovery = new ExactRecovery(cols);
    float[][] all = new float[rows][];
    float[] row = new float[cols];
    for (int i = 0; i < rows; i++) {
      source.read(i, row);
      float[] scales = recovery.scales(row, planes);
      if (scales == null) {
        throw new QuantizationException(
            String.format(Locale.ROOT, "%s row %d has no %d-plane form", name, i, planes));
      }
      all[i] = scales;
    }
    return all;
  }

  /** Returns whether binary16 holds the scales as they are: then they come from such a file. */
  private static boolean areHalves(float[][] scales) {
    for (float[] row : scales) {
      for (float scale : row) {
        if (Float16.toFloat(Float16.fromFloat(scale)) != scale) {
          return false;
        }
      }
    }
    return true;
  }
}
