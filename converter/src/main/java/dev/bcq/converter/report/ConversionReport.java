package dev.bcq.converter.report;

import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.calibrate.Calibration;
import dev.bcq.converter.quantize.Candidate;
import dev.bcq.format.Provenance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a conversion did.
 *
 * @param family architecture of the checkpoint
 * @param options options that were in force
 * @param matrices what became of each matrix
 * @param otherParameters parameters that stay float32: norms, biases, tables
 * @param inputBytes bytes of the files that were read
 * @param fileBytes bytes of the file, 0 if none was written
 * @param calibration what calibration has found, or null without it
 * @param warnings what the user should know
 * @param allocation how bits were divided, or null if that was not asked for
 */
public record ConversionReport(
    String family,
    List<Provenance.Option> options,
    List<MatrixReport> matrices,
    long otherParameters,
    long inputBytes,
    long fileBytes,
    @Nullable Calibration calibration,
    List<String> warnings,
    @Nullable Allocation allocation) {

  private static final double MEGABYTE = 1e6;

  /** Returns the number of all parameters. */
  public long parameters() {
    return matrices.stream().mapToLong(MatrixReport::weights).sum() + otherParameters;
  }

  /** Returns the bytes of all matrices. */
  public long matrixBytes() {
    return matrices.stream().mapToLong(MatrixReport::bytes).sum();
  }

  /** Returns 8 x bytes of the matrices / their weights. */
  public double bitsPerWeight() {
    return 8.0 * matrixBytes() / matrices.stream().mapToLong(MatrixReport::weights).sum();
  }

  /** Returns 4 bytes for each parameter divided by the bytes of the file. */
  public double compression() {
    return 4.0 * parameters() / Math.max(1, fileBytes == 0 ? matrixBytes() : fileBytes);
  }

  /** Returns the report as a table. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (allocation != null) {
      text.append(SizeTable.of(allocation).render()).append('\n');
    }
    text.append(matrixTable().render());
    if (calibration != null) {
      text.append('\n').append(candidateTable().render());
    }
    text.append('\n');
    text.append(String.format(Locale.ROOT, "%,d parameters of a %s model", parameters(), family));
    if (fileBytes > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " in %.2f MB, %.1f times smaller than float32; the checkpoint has %.2f MB",
              fileBytes / MEGABYTE,
              compression(),
              inputBytes / MEGABYTE));
    }
    if (calibration != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "\ncalibrated with %,d sentences, one in ten held out; cross-entropy of the float model %.4f, perplexity %.2f",
              calibration.sentences(),
              calibration.crossEntropy(),
              calibration.perplexity()));
    }
    text.append("\noptions:");
    options.forEach(option -> text.append(' ').append(option.commandLine()));
    return text.append('\n').toString();
  }

  private TextTable matrixTable() {
    TextTable table =
        new TextTable(
            Column.text("matrix"),
            Column.number("shape"),
            Column.number("planes"),
            Column.number("bits/weight"),
            Column.number("relative error"),
            Column.number("bytes"));
    for (MatrixReport matrix : matrices) {
      table.add(
          matrix.name(),
          matrix.rows() + " x " + matrix.cols(),
          matrix.storage() + (matrix.recovered() ? " recovered" : ""),
          String.format(Locale.ROOT, "%.3f", matrix.bitsPerWeight()),
          matrix.recovered() ? "none" : String.format(Locale.ROOT, "%.6f", matrix.relativeError()),
          String.format(Locale.ROOT, "%,d", matrix.bytes()));
    }
    table.addTotal(
        matrices.size() + " matrices",
        String.format(Locale.ROOT, "%,d", parameters() - otherParameters),
        "",
        String.format(Locale.ROOT, "%.3f", bitsPerWeight()),
        "",
        String.format(Locale.ROOT, "%,d", matrixBytes()));
    return table;
  }

  /** Returns the error of the outputs that each candidate has, and which one was taken. */
  private TextTable candidateTable() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("output error on held-out text")));
    for (Candidate.Solver solver : Candidate.Solver.values()) {
      columns.add(Column.number(solver.toString()));
    }
    columns.add(Column.text("taken"));
    TextTable table = new TextTable(columns.toArray(Column[]::new));
    for (MatrixReport matrix : matrices) {
      if (!matrix.candidates().isEmpty()) {
        List<String> cells = new ArrayList<>(List.of(matrix.name()));
        matrix.candidates().stream()
            .sorted(Comparator.comparing(Candidate::solver))
            .forEach(
                candidate ->
                    cells.add(String.format(Locale.ROOT, "%.6f", candidate.outputError())));
        cells.add(matrix.candidates().get(0).solver().toString());
        table.add(cells.toArray(String[]::new));
      }
    }
    return table;
  }

  /** Returns the report as a tree for JSON. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("family", family);
    Map<String, String> values = new LinkedHashMap<>();
    options.forEach(option -> values.put(option.name(), option.value()));
    tree.put("options", values);
    tree.put("parameters", parameters());
    tree.put("bitsPerWeight", bitsPerWeight());
    tree.put("matrixBytes", matrixBytes());
    tree.put("inputBytes", inputBytes);
    tree.put("fileBytes", fileBytes);
    tree.put("compression", compression());
    if (calibration != null) {
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("sentences", calibration.sentences());
      found.put("leftOut", calibration.leftOut());
      found.put("crossEntropy", calibration.crossEntropy());
      found.put("perplexity", calibration.perplexity());
      tree.put("calibration", found);
    }
    if (allocation != null) {
      tree.put("sizes", SizeTable.tree(allocation));
    }
    tree.put("matrices", matrices.stream().map(this::tree).toList());
    tree.put("warnings", warnings);
    return tree;
  }

  private Map<String, Object> tree(MatrixReport matrix) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", matrix.name());
    tree.put("rows", matrix.rows());
    tree.put("cols", matrix.cols());
    tree.put("storage", matrix.storage());
    tree.put("recovered", matrix.recovered());
    tree.put("bitsPerWeight", matrix.bitsPerWeight());
    tree.put("relativeError", matrix.relativeError());
    tree.put("bytes", matrix.bytes());
    if (allocation != null) {
      double[] losses = Objects.requireNonNull(allocation.losses().get(matrix.name()));
      tree.put("lossesByPlanes", Arrays.copyOfRange(losses, 1, losses.length));
      tree.put("loss", allocation.costs().get(matrix.name()));
    }
    tree.put("scaleBytes", matrix.scaleBytes());
    if (!matrix.candidates().isEmpty()) {
      tree.put("solver", matrix.candidates().get(0).solver().toString());
      Map<String, Double> errors = new LinkedHashMap<>();
      matrix.candidates().forEach(c -> errors.put(c.solver().toString(), c.outputError()));
      tree.put("outputErrors", errors);
    }
    return tree;
  }
}
