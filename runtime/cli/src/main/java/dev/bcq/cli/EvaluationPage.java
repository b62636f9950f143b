package dev.bcq.cli;

import dev.bcq.cli.EvaluationReport.Kind;
import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.console.Version;
import dev.bcq.pages.Chart;
import dev.bcq.pages.LineChart;
import dev.bcq.pages.LineChart.Heights;
import dev.bcq.pages.LineChart.Line;
import dev.bcq.pages.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page, with plots of quality against size.
 *
 * @param report what was found
 * @param command what was typed
 */
record EvaluationPage(EvaluationReport report, String command) {
  private static final double MEGABYTE = 1e6;

  /** Figures whose differences are worth a plot. */
  private static final List<Kind> PLOTTED = List.of(Kind.BLEU, Kind.CROSS_ENTROPY);

  Page page() {
    Page page = new Page("bcq-eval: " + report.baseline().name());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", command);
    facts.put("version", "bcq " + Version.NUMBER);
    page.facts(facts);
    EvaluationTables tables = new EvaluationTables(report);
    page.table(tables.systems().columns(), tables.systems().rows(), List.of());
    List<Chart> charts = charts();
    if (!charts.isEmpty()) {
      page.heading("Quality against size");
      page.charts(charts);
    }
    if (!report.others().isEmpty()) {
      page.heading("Differences");
      page.table(tables.comparisons().columns(), tables.comparisons().rows(), List.of());
    }
    page.lines(tables.notes());
    for (SystemResult system : report.others()) {
      if (report.changes() > 0) {
        page.lines(new ChangeText(report, system).render().lines().toList());
      }
    }
    return page;
  }

  private List<Chart> charts() {
    List<Chart> charts = new ArrayList<>();
    for (Kind kind : PLOTTED) {
      List<Line> lines = lines(kind);
      if (!lines.isEmpty()) {
        String unit = kind == Kind.CROSS_ENTROPY ? ", nats per token" : "";
        charts.add(
            new LineChart(
                report.title(kind), "file, MB", report.title(kind) + unit, lines, Heights.WITHIN));
      }
    }
    return charts;
  }

  /**
   * Returns a series for each way in which models got their bits. The baseline, which is often many
   * times larger, is a line across.
   */
  private List<Line> lines(Kind kind) {
    Map<String, Line> series = new TreeMap<>();
    report.others().stream()
        .filter(system -> system.bytes() != null && figure(kind, system) != null)
        .sorted(Comparator.comparing(system -> Objects.requireNonNull(system.bytes())))
        .forEach(
            system -> {
              Line line =
                  series.computeIfAbsent(
                      Objects.requireNonNull(system.origin()),
                      name -> new Line(name, new ArrayList<>(), new ArrayList<>()));
              line.x().add(megabytes(system));
              line.y().add(Objects.requireNonNull(figure(kind, system)));
            });
    List<Line> lines = new ArrayList<>(series.values());
    Double base = figure(kind, report.baseline());
    if (lines.isEmpty() || base == null) {
      return lines;
    }
    List<Double> sizes = lines.stream().flatMap(line -> line.x().stream()).sorted().toList();
    lines.add(
        new Line(
            report.baseline().name(),
            List.of(sizes.get(0), sizes.get(sizes.size() - 1)),
            List.of(base, base)));
    return lines;
  }

  /** Returns a figure that can be compared with the baseline's, or null if there is none. */
  private @Nullable Double figure(Kind kind, SystemResult system) {
    Figure figure = kind.of(system);
    return figure == null || report.comparison(kind, system) == null ? null : figure.score();
  }

  private static double megabytes(SystemResult system) {
    return Objects.requireNonNull(system.bytes()) / MEGABYTE;
  }
}
