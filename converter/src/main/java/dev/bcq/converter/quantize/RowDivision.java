package dev.bcq.converter.quantize;

import dev.bcq.format.BitPlaneLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many planes each row of a matrix gets.
 *
 * @param parts stored rows in order
 * @param order the row that each stored row is, or null if rows are stored in order
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowDivision(List<Part> parts, int @Nullable [] order) {

  /**
   * Rows with the same number of planes.
   *
   * @param planes 1 to 8
   * @param rows number of rows
   */
  public record Part(int planes, int rows) {}

  /** Returns the division of a matrix whose rows all get the same. */
  public static RowDivision whole(int planes, int rows) {
    return new RowDivision(List.of(new Part(planes, rows)), null);
  }

  /**
   * Returns fewer planes for rarer rows (Chung and Kim 2020, section 3.2.1): as many clusters of
   * equal size as {@code mostPlanes}, the first with that many planes, the last with one.
   *
   * @param order rows by falling importance
   */
  public static RowDivision clusters(int mostPlanes, int[] order) {
    List<Part> parts = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < mostPlanes; i++) {
      int share = (int) ((long) order.length * (i + 1) / mostPlanes);
      int tiles = share / BitPlaneLayout.TILE_ROWS;
      int end = i == mostPlanes - 1 ? order.length : tiles * BitPlaneLayout.TILE_ROWS;
      if (end > begin) {
        parts.add(new Part(mostPlanes - i, end - begin));
        begin = end;
      }
    }
    return new RowDivision(List.copyOf(parts), order);
  }

  /** Returns the same division with one plane more for every row that has fewer than 8. */
  public RowDivision withOneMore() {
    List<Part> more = new ArrayList<>();
    for (Part part : parts) {
      int planes = Math.min(part.planes() + 1, BitPlaneLayout.MAX_PLANES);
      int last = more.size() - 1;
      if (last >= 0 && more.get(last).planes() == planes) {
        more.set(last, new Part(planes, more.get(last).rows() + part.rows()));
      } else {
        more.add(new Part(planes, part.rows()));
      }
    }
    return new RowDivision(List.copyOf(more), order);
  }

  /** Returns the number of planes of each row. */
  public int[] planesOfRows() {
    int[] planes = new int[rows()];
    int stored = 0;
    for (Part part : parts) {
      for (int i = 0; i < part.rows(); i++, stored++) {
        planes[row(stored)] = part.planes();
      }
    }
    return planes;
  }

  /** Returns the number of rows. */
  public int rows() {
    return parts.stream().mapToInt(Part::rows).sum();
  }

  /** Returns the row that a stored row is. */
  int row(int stored) {
    return order == null ? stored : order[stored];
  }

  /** Returns the stored row of each row, or null if rows are stored in order. */
  int @Nullable [] storedRows() {
    if (order == null) {
      return null;
    }
    int[] storedRows = new int[order.length];
    for (int stored = 0; stored < order.length; stored++) {
      storedRows[order[stored]] = stored;
    }
    return storedRows;
  }
}
