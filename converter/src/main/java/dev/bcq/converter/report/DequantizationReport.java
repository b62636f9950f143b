package dev.bcq.converter.report;

import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of a model file that was dequantized.
 *
 * @param family architecture of the checkpoint
 * @param folder the checkpoint
 * @param parameters number of all weights
 * @param files its files
 */
public record DequantizationReport(
    String family, Path folder, long parameters, List<WrittenFile> files) {

  /**
   * A file of the checkpoint.
   *
   * @param name its name
   * @param bytes its length
   */
  public record WrittenFile(String name, long bytes) {}

  /** Returns the report as a table. */
  public String text() {
    TextTable table = new TextTable(Column.text("file"), Column.number("bytes"));
    for (WrittenFile file : files) {
      table.add(file.name(), String.format(Locale.ROOT, "%,d", file.bytes()));
    }
    return table.render()
        + String.format(
            Locale.ROOT,
            "\n%,d parameters of a %s model as float32 in %s\n",
            parameters,
            family,
            folder);
  }

  /** Returns the report as a tree for JSON. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("family", family);
    tree.put("folder", folder.toString());
    tree.put("parameters", parameters);
    tree.put("files", files);
    return tree;
  }
}
