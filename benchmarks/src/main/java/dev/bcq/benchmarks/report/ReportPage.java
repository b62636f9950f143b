package dev.bcq.benchmarks.report;

import dev.bcq.pages.Chart;
import dev.bcq.pages.Page;
import java.util.ArrayList;
import java.util.List;

/** A report as a page. */
final class ReportPage {

  private ReportPage() {}

  static Page of(Report report) {
    Page page = new Page("bcq-bench");
    page.facts(report.header().rows());
    report.header().warnings().forEach(page::warning);
    if (!report.claims().isEmpty()) {
      page.heading("Claims");
      page.lines(Claim.sentences(report.claims()));
    }
    List<Chart> charts = new ArrayList<>(Charts.of(report.results()));
    if (!report.others().isEmpty()) {
      charts.add(Charts.ofDevices(report.allDevices()));
    }
    page.charts(charts);
    for (ResultTable table : report.tables()) {
      page.heading(table.title());
      page.table(table.columns(), table.rows(), List.of());
    }
    return page;
  }
}
