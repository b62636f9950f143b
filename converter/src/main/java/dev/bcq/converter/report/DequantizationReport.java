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
 * @param tokenizer whether all of the model's tokenizer is among them
 */
public record DequantizationReport(
    String family, Path folder, long parameters, List<WrittenFile> files, boolean tokenizer) {
  private static final String NO_TOKENIZER =
      "the tokenizer's files are not written, as this kind cannot be: copy them (tokenizer.json,"
          + " tokenizer_config.json, vocabularies, models) from the checkpoint that the model was"
          + " made of";

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
            folder)
        + (tokenizer ? "" : "warning: " + NO_TOKENIZER + "\n");
  }

  /** Returns the report as a tree for JSON. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("family", family);
    tree.put("folder", folder.toString());
    tree.put("parameters", parameters);
    tree.put("files", files);
    if (!tokenizer) {
      tree.put("warnings", List.of(NO_TOKENIZER));
    }
    return tree;
  }
}
