package dev.bcq.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A table of text with aligned columns. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();
  private int totals;

  /**
   * A column.
   *
   * @param title its heading
   * @param right whether its values are aligned to the right
   */
  public record Column(String title, boolean right) {

    /** Returns a column of text. */
    public static Column text(String title) {
      return new Column(title, false);
    }

    /** Returns a column of numbers. */
    public static Column number(String title) {
      return new Column(title, true);
    }
  }

  /** Creates a table without rows. */
  public TextTable(Column... columns) {
    this.columns = List.of(columns);
  }

  /** Returns the columns. */
  public List<Column> columns() {
    return columns;
  }

  /** Returns the rows, a value for each column. */
  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** Adds a row with a value for each column. */
  public void add(String... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    rows.add(List.of(values));
  }

  /** Adds a row below the line that ends the table. */
  public void addTotal(String... values) {
    add(values);
    totals++;
  }

  /** Returns the table; every line ends in a line feed. */
  public String render() {
    int[] widths = columns.stream().mapToInt(column -> column.title().length()).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    int total = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    String line = String.join("", Collections.nCopies(total, "-")) + "\n";
    StringBuilder text = new StringBuilder();
    append(text, columns.stream().map(Column::title).toList(), widths);
    text.append(line);
    for (int i = 0; i < rows.size(); i++) {
      if (totals > 0 && i == rows.size() - totals) {
        text.append(line);
      }
      append(text, rows.get(i), widths);
    }
    return text.toString();
  }

  private void append(StringBuilder text, List<String> values, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String value = values.get(i);
      String padding = " ".repeat(widths[i] - value.length());
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? padding + value : value + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
