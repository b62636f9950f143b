package dev.bcq.benchmarks.report;

import dev.bcq.console.TextTable.Column;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A report as a page of its own: style and plots are inside, nothing is fetched. */
final class Page {
  private static final String TEMPLATE = "page.html";

  private final Report report;

  Page(Report report) {
    this.report = report;
  }

  String html() {
    return template()
        .replace("{header}", header())
        .replace("{claims}", claims())
        .replace("{charts}", charts())
        .replace("{tables}", tables());
  }

  private static String template() {
    try (InputStream in = Page.class.getResourceAsStream(TEMPLATE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String header() {
    StringBuilder html = new StringBuilder("<dl>\n");
    report
        .header()
        .rows()
        .forEach(
            (name, value) ->
                html.append("<dt>%s</dt><dd>%s</dd>\n".formatted(escape(name), escape(value))));
    html.append("</dl>\n");
    String warning = report.header().warning();
    if (warning != null) {
      html.append("<p class=\"warning\">%s</p>\n".formatted(escape(warning)));
    }
    return html.toString();
  }

  private String claims() {
    if (report.claims().isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Claims</h2>\n<pre>");
    Claim.sentences(report.claims()).forEach(line -> html.append(escape(line)).append('\n'));
    return html.append("</pre>\n").toString();
  }

  private String charts() {
    StringBuilder html = new StringBuilder();
    List<Chart> charts = Charts.of(report.results());
    for (int i = 0; i < charts.size(); i++) {
      html.append("<figure>\n%s\n</figure>\n".formatted(charts.get(i).svg("chart" + i + "-")));
    }
    return html.toString();
  }

  private String tables() {
    StringBuilder html = new StringBuilder();
    for (ResultTable table : ResultTable.all(report.results())) {
      html.append("<h2>%s</h2>\n<div class=\"wide\"><table>\n".formatted(escape(table.title())));
      row(html, "th", table.columns(), table.columns().stream().map(Column::title).toList());
      table.rows().forEach(row -> row(html, "td", table.columns(), row));
      html.append("</table></div>\n");
    }
    return html.toString();
  }

  private static void row(
      StringBuilder html, String cell, List<Column> columns, List<String> values) {
    html.append("<tr>");
    for (int i = 0; i < values.size(); i++) {
      String style = columns.get(i).right() ? " class=\"number\"" : "";
      html.append("<%s%s>%s</%s>".formatted(cell, style, escape(values.get(i)), cell));
    }
    html.append("</tr>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
