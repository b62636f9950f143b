package dev.bcq.runtime.layers;

import dev.bcq.format.Positions;
import dev.bcq.runtime.ops.Sinusoids;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are added to embeddings by position; sinusoids are computed as far as they are needed.
 * Thread-safe.
 */
public final class PositionTable {
  private static final int FIRST_ROWS = 64;

  private final Positions.@Nullable Sinusoidal sinusoidal;
  private final int width;
  private final int firstRow;
  private volatile float[] table;

  private PositionTable(
      Positions.@Nullable Sinusoidal sinusoidal, int width, int firstRow, float[] table) {
    this.sinusoidal = sinusoidal;
    this.width = width;
    this.firstRow = firstRow;
    this.table = table;
  }

  /** Returns the rows of sinusoidal positions. */
  public static PositionTable of(Positions.Sinusoidal positions, int width) {
    return new PositionTable(positions, width, 0, new float[0]);
  }

  /**
   * Returns trained rows.
   *
   * @param table [offset + count][width]; the array is kept
   */
  public static PositionTable of(Positions.Learned positions, int width, float[] table) {
    return new PositionTable(null, width, positions.offset(), table);
  }

  /** Adds the row of a position to {@code width} values. */
  void add(int position, float[] x, int at) {
    float[] rows = table;
    int row = (position + firstRow) * width;
    if (row + width > rows.length) {
      rows = grow(position + 1);
    }
    for (int i = 0; i < width; i++) {
      x[at + i] += rows[row + i];
    }
  }

  private synchronized float[] grow(int count) {
    if (sinusoidal == null) {
      throw new IndexOutOfBoundsException("position " + (count - 1) + " has no row");
    }
    if (table.length < count * width) {
      int wanted = Math.max(FIRST_ROWS, Math.max(count, 2 * table.length / width));
      table = Sinusoids.table(sinusoidal, width, wanted);
    }
    return table;
  }
}
