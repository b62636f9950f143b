package dev.bcq.converter.report;

import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.allocate.SizeChoice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What neighbouring sizes would cost. */
final class SizeTable {

  private SizeTable() {}

  /** Returns the sizes as a table. */
  static TextTable of(Allocation allocation) {
    boolean measured = allocation.crossEntropy() != null;
    TextTable table =
        measured
            ? new TextTable(
                Column.text("size"),
                Column.number("bytes"),
                Column.number("bits/weight"),
                Column.number("loss predicted"),
                Column.number("measured"),
                Column.number("cross-entropy predicted"),
                Column.number("measured"))
            : new TextTable(
                Column.text("size"),
                Column.number("bytes"),
                Column.number("bits/weight"),
                Column.number("loss assumed"));
    for (SizeChoice size : allocation.sizes()) {
      String[] cells = {
        size.chosen() ? "chosen" : "",
        String.format(Locale.ROOT, "%,d", size.fileBytes()),
        String.format(Locale.ROOT, "%.3f", size.bitsPerWeight()),
        loss(size.predicted())
      };
      table.add(measured ? withMeasured(allocation, size, cells) : cells);
    }
    return table;
  }

  private static String[] withMeasured(Allocation allocation, SizeChoice size, String[] cells) {
    String[] all = Arrays.copyOf(cells, cells.length + 3);
    if (size.measured() != null && allocation.crossEntropy() != null) {
      all[cells.length] = loss(size.measured().divergence());
      all[cells.length + 1] = loss(allocation.crossEntropy() + size.predicted());
      all[cells.length + 2] = loss(size.measured().crossEntropy());
    }
    return all;
  }

  private static String loss(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Returns the sizes as a tree for JSON. */
  static List<Map<String, Object>> tree(Allocation allocation) {
    return allocation.sizes().stream().map(SizeTable::tree).toList();
  }

  private static Map<String, Object> tree(SizeChoice size) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fileBytes", size.fileBytes());
    tree.put("bitsPerWeight", size.bitsPerWeight());
    tree.put("predictedLoss", size.predicted());
    if (size.measured() != null) {
      tree.put("loss", size.measured().divergence());
      tree.put("crossEntropy", size.measured().crossEntropy());
    }
    tree.put("chosen", size.chosen());
    return tree;
  }
}
