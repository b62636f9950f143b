package dev.bcq.converter.report;

import dev.bcq.console.TextTable.Column;
import dev.bcq.console.Version;
import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.allocate.SizeChoice;
import dev.bcq.converter.calibrate.Calibration;
import dev.bcq.format.Provenance;
import dev.bcq.pages.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A conversion as a page: where bits went and what they cost. */
public final class ReportPage {
  private static final double MEGABYTE = 1e6;
  private static final String ABSENT = "-";

  private final ConversionReport report;
  private final SizeBudget budget;
  private final ReportCharts charts;
  private final @Nullable MatrixLosses losses;
  private final Page page;

  private ReportPage(String model, ConversionReport report) {
    this.report = report;
    this.budget = new SizeBudget(report);
    this.charts = new ReportCharts(report);
    this.losses = report.allocation() == null ? null : new MatrixLosses(report.allocation());
    this.page = new Page("bcq-convert: " + model);
  }

  /**
   * Returns the page.
   *
   * @param model what the model is called
   * @param command what was typed
   */
  public static Page of(String model, String command, ConversionReport report) {
    ReportPage page = new ReportPage(model, report);
    page.addHead(command);
    page.addBudget();
    page.addMatrixCharts();
    if (report.allocation() != null) {
      page.addSizes(report.allocation());
    }
    page.addMatrices();
    return page.page;
  }

  private void addHead(String command) {
    Map<String, String> headline = new LinkedHashMap<>();
    headline.put(
        report.fileBytes() > 0 ? "file" : "matrices; no file was written",
        decimals((report.fileBytes() > 0 ? report.fileBytes() : report.matrixBytes()) / MEGABYTE, 2)
            + " MB");
    headline.put(
        "smaller than float32", String.format(Locale.ROOT, "%.1f times", report.compression()));
    headline.put("bits per weight", decimals(report.bitsPerWeight(), 3));
    SizeChoice chosen = chosen();
    if (chosen != null && chosen.measured() != null) {
      headline.put(
          "divergence from the float model, nats per token",
          decimals(chosen.measured().divergence(), 4));
    }
    page.headline(headline);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", command);
    facts.put("version", "bcq " + Version.NUMBER);
    facts.put(
        "model",
        String.format(Locale.ROOT, "%s, %,d parameters", report.family(), report.parameters()));
    facts.put(
        "options in force",
        report.options().stream()
            .map(Provenance.Option::commandLine)
            .collect(Collectors.joining(" ")));
    Calibration calibration = report.calibration();
    if (calibration != null) {
      facts.put(
          "calibration",
          String.format(
              Locale.ROOT,
              "%,d sentences of %s, one in ten held out; cross-entropy of the float model %.4f nats"
                  + " per token, perplexity %.2f",
              calibration.sentences(),
              calibration.text(),
              calibration.crossEntropy(),
              calibration.perplexity()));
    }
    page.facts(facts);
    report.warnings().forEach(warning -> page.warning("warning: " + warning));
  }

  private @Nullable SizeChoice chosen() {
    return report.allocation() == null
        ? null
        : report.allocation().sizes().stream().filter(SizeChoice::chosen).findFirst().orElse(null);
  }

  private void addBudget() {
    page.heading("Where the bytes went");
    page.charts(charts.budget(budget));
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.text("part"),
                Column.number("matrices"),
                Column.number("parameters"),
                Column.number("bytes"),
                Column.number("share"),
                Column.number("of them scales"),
                Column.number("bits/parameter")));
    if (losses != null) {
      columns.add(Column.number("loss alone, summed"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (SizeBudget.Share share : budget.shares()) {
      rows.add(row(share));
    }
    SizeBudget.Share all =
        new SizeBudget.Share(
            report.fileBytes() > 0 ? "file" : "all",
            report.matrices(),
            report.parameters(),
            budget.bytes(),
            report.matrices().stream().mapToLong(MatrixReport::scaleBytes).sum());
    page.table(columns, rows, row(all));
  }

  private List<String> row(SizeBudget.Share share) {
    List<String> row = new ArrayList<>();
    row.add(share.name());
    row.add(share.matrices().isEmpty() ? ABSENT : String.valueOf(share.matrices().size()));
    row.add(share.parameters() == 0 ? ABSENT : grouped(share.parameters()));
    row.add(grouped(share.bytes()));
    row.add(budget.percent(share));
    row.add(share.matrices().isEmpty() ? ABSENT : grouped(share.scaleBytes()));
    row.add(
        share.parameters() == 0 ? ABSENT : decimals(8.0 * share.bytes() / share.parameters(), 3));
    if (losses != null) {
      row.add(loss(share.loss(losses)));
    }
    return row;
  }

  private void addMatrixCharts() {
    page.heading("What each matrix got, and what that costs");
    page.paragraph(
        "A column is a layer, a row a kind of matrix. Shades go from the least to the greatest"
            + " figure of a plot and tell ratios. Bits count scales and offsets. A relative error is"
            + " the squared error over the squared values; that of outputs is on held-out sentences.");
    page.charts(charts.matrices());
    if (losses != null) {
      page.paragraph(
          "Sensitivity and cost: the divergence from the float model if a matrix alone is"
              + " quantized, with the same number of planes for all, and with those it got.");
      page.charts(charts.losses(losses));
    }
  }

  private void addSizes(Allocation allocation) {
    page.heading("What a size costs");
    page.paragraph(
        "Predicted: the sum of what matrices lose alone. Measured: the divergence from the float"
            + " model on held-out sentences, mean of sum p log(p / q) over their tokens. In natural"
            + " units per token.");
    page.charts(charts.sizes(allocation));
    List<Column> columns =
        List.of(
            Column.text("size"),
            Column.number("MB"),
            Column.number("bits/weight"),
            Column.number("predicted loss"),
            Column.number("measured divergence"),
            Column.number("cross-entropy"),
            Column.number("above float"),
            Column.number("perplexity"));
    List<List<String>> rows = new ArrayList<>();
    Double floats = allocation.crossEntropy();
    if (floats != null) {
      rows.add(
          List.of(
              "float32",
              decimals(Float.BYTES * report.parameters() / MEGABYTE, 2),
              "32",
              "0",
              "0",
              decimals(floats, 4),
              "0",
              decimals(Math.exp(floats), 2)));
    }
    allocation.sizes().forEach(size -> rows.add(row(size, floats)));
    page.table(columns, rows, List.of());
  }

  private static List<String> row(SizeChoice size, @Nullable Double floats) {
    Double crossEntropy = size.measured() == null ? null : size.measured().crossEntropy();
    return List.of(
        size.chosen() ? "chosen" : "",
        decimals(size.fileBytes() / MEGABYTE, 2),
        decimals(size.bitsPerWeight(), 3),
        decimals(size.predicted(), 4),
        size.measured() == null ? ABSENT : decimals(size.measured().divergence(), 4),
        crossEntropy == null ? ABSENT : decimals(crossEntropy, 4),
        crossEntropy == null || floats == null
            ? ABSENT
            : String.format(Locale.ROOT, "%+.4f", crossEntropy - floats),
        crossEntropy == null ? ABSENT : decimals(Math.exp(crossEntropy), 2));
  }

  private void addMatrices() {
    page.heading("Matrices");
    boolean calibrated =
        report.matrices().stream().anyMatch(matrix -> !matrix.candidates().isEmpty());
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.text("matrix"),
                Column.number("shape"),
                Column.number("planes"),
                Column.number("bits/weight"),
                Column.number("bytes"),
                Column.number("of them scales"),
                Column.number("relative error")));
    if (calibrated) {
      columns.add(Column.number("output error"));
      columns.add(Column.text("solver"));
    }
    if (losses != null) {
      columns.add(Column.number("loss alone"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (MatrixReport matrix : report.matrices()) {
      rows.add(row(matrix, calibrated));
    }
    page.table(columns, rows, List.of());
  }

  private List<String> row(MatrixReport matrix, boolean calibrated) {
    List<String> row = new ArrayList<>();
    row.add(matrix.name());
    row.add(matrix.rows() + " x " + matrix.cols());
    row.add(matrix.storage() + (matrix.recovered() ? " recovered" : ""));
    row.add(decimals(matrix.bitsPerWeight(), 3));
    row.add(grouped(matrix.bytes()));
    row.add(grouped(matrix.scaleBytes()));
    row.add(matrix.recovered() ? "none" : decimals(matrix.relativeError(), 6));
    if (calibrated) {
      boolean compared = !matrix.candidates().isEmpty();
      row.add(compared ? decimals(matrix.candidates().get(0).outputError(), 6) : ABSENT);
      row.add(compared ? matrix.candidates().get(0).solver().toString() : ABSENT);
    }
    if (losses != null) {
      row.add(loss(losses.asStored(matrix)));
    }
    return row;
  }

  private static String loss(@Nullable Double loss) {
    return loss == null ? ABSENT : decimals(loss, 6);
  }

  private static String decimals(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
