package dev.bcq.converter.allocate;

import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.quantize.RowDivision;
import dev.bcq.format.BitPlaneLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the divisions of matrices from the planes of items. */
final class Divisions {
  private static final int MOST_TRIES = 64;

  private final List<QuantizableMatrix> matrices;
  private final QuantizationOptions options;

  Divisions(List<QuantizableMatrix> matrices, QuantizationOptions options) {
    this.matrices = matrices;
    this.options = options;
  }

  /**
   * Returns the divisions that lose least.
   *
   * @param budget most bytes of all matrices in the file; more are used if one plane for each row
   *     takes more
   */
  Map<String, RowDivision> best(List<Item> items, long budget) {
    // What lies between blocks and the order of rows is known only afterwards.
    long ofItems = budget;
    Map<String, RowDivision> divisions = of(items, Knapsack.solve(items, ofItems));
    for (int tries = 0; tries < MOST_TRIES && bytes(divisions) > budget; tries++) {
      ofItems -= bytes(divisions) - budget;
      divisions = of(items, Knapsack.solve(items, ofItems));
    }
    return divisions;
  }

  /** Returns the bytes of all matrices in the file. */
  long bytes(Map<String, RowDivision> divisions) {
    return matrices.stream()
        .mapToLong(
            matrix ->
                FileSize.ofMatrix(
                    matrix, Objects.requireNonNull(divisions.get(matrix.name())), options))
        .sum();
  }

  /** Returns the sum of the items' losses. */
  static double losses(List<Item> items, Map<String, RowDivision> divisions) {
    return lossesOfMatrices(items, divisions).values().stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** Returns the sums of the losses that the items of each matrix have. */
  static Map<String, Double> lossesOfMatrices(
      List<Item> items, Map<String, RowDivision> divisions) {
    Map<String, int[]> planes = new LinkedHashMap<>();
    divisions.forEach((name, division) -> planes.put(name, division.planesOfRows()));
    Map<String, Double> losses = new LinkedHashMap<>();
    for (Item item : items) {
      int[] ofRows = Objects.requireNonNull(planes.get(item.matrix()));
      double loss = item.losses()[ofRows[item.rows() == null ? 0 : item.rows()[0]]];
      losses.merge(item.matrix(), loss, Double::sum);
    }
    return losses;
  }

  /** Returns whether each row of the same matrices has the same planes in both. */
  static boolean same(Map<String, RowDivision> one, Map<String, RowDivision> other) {
    return one.entrySet().stream()
        .allMatch(
            entry ->
                Arrays.equals(
                    entry.getValue().planesOfRows(),
                    Objects.requireNonNull(other.get(entry.getKey())).planesOfRows()));
  }

  private Map<String, RowDivision> of(List<Item> items, int[] planes) {
    Map<String, List<List<Item>>> byPlanes = new LinkedHashMap<>();
    for (int i = 0; i < planes.length; i++) {
      byPlanes
          .computeIfAbsent(items.get(i).matrix(), name -> emptyLists())
          .get(planes[i])
          .add(items.get(i));
    }
    Map<String, RowDivision> divisions = new LinkedHashMap<>();
    for (QuantizableMatrix matrix : matrices) {
      divisions.put(
          matrix.name(), division(matrix, Objects.requireNonNull(byPlanes.get(matrix.name()))));
    }
    return divisions;
  }

  private static List<List<Item>> emptyLists() {
    List<List<Item>> lists = new ArrayList<>();
    for (int planes = 0; planes <= BitPlaneLayout.MAX_PLANES; planes++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }

  /**
   * Returns numbers of planes, falling, but for that of a tile that is short: it is stored last.
   */
  private static List<Integer> storedOrder(List<List<Item>> byPlanes) {
    List<Integer> order = new ArrayList<>();
    int last = 0;
    for (int planes = BitPlaneLayout.MAX_PLANES; planes > 0; planes--) {
      order.add(planes);
      for (Item item : byPlanes.get(planes)) {
        if (item.rows() != null && item.rows().length < BitPlaneLayout.TILE_ROWS) {
          last = planes;
        }
      }
    }
    if (last > 0) {
      order.remove(Integer.valueOf(last));
      order.add(last);
    }
    return order;
  }

  private static RowDivision division(QuantizableMatrix matrix, List<List<Item>> byPlanes) {
    List<RowDivision.Part> parts = new ArrayList<>();
    int[] order = new int[matrix.rows()];
    int count = 0;
    for (int planes : storedOrder(byPlanes)) {
      int first = count;
      for (Item item : byPlanes.get(planes)) {
        if (item.rows() == null) {
          return RowDivision.whole(planes, matrix.rows());
        }
        for (int row : item.rows()) {
          order[count++] = row;
        }
      }
      if (count > first) {
        parts.add(new RowDivision.Part(planes, count - first));
      }
    }
    return parts.size() == 1
        ? RowDivision.whole(parts.get(0).planes(), matrix.rows())
        : new RowDivision(List.copyOf(parts), order);
  }
}
