package dev.bcq.pages;

import dev.bcq.console.TextTable.Column;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A page that needs nothing but itself: style and plots are inside, nothing is fetched, no script
 * runs. Parts stand in the order in which they are added. It is well-formed XML, whatever texts it
 * is given. Not thread-safe.
 */
public final class Page {
  private static final String TEMPLATE = "page.html";

  /** What XML cannot have. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF\\x{D800}-\\x{DFFF}]");

  /** Wider plots, in pixels, take the whole width of a page. */
  private static final int HALF_WIDTH = 640;

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private int charts;

  /** Creates a page with nothing but a title. */
  public Page(String title) {
    this.title = title;
  }

  /** Adds names and values. */
  public void facts(Map<String, String> facts) {
    body.append("<dl>\n");
    facts.forEach(
        (name, value) ->
            body.append("<dt>%s</dt><dd>%s</dd>\n".formatted(escape(name), escape(value))));
    body.append("</dl>\n");
  }

  /** Adds the figures that count, large, by what they are. */
  public void headline(Map<String, String> figures) {
    body.append("<ul class=\"headline\">\n");
    figures.forEach(
        (name, figure) ->
            body.append("<li><b>%s</b> %s</li>\n".formatted(escape(figure), escape(name))));
    body.append("</ul>\n");
  }

  /** Adds a warning. */
  public void warning(String text) {
    body.append("<p class=\"warning\">%s</p>\n".formatted(escape(text)));
  }

  /** Adds a heading. */
  public void heading(String text) {
    body.append("<h2>%s</h2>\n".formatted(escape(text)));
  }

  /** Adds a paragraph. */
  public void paragraph(String text) {
    body.append("<p>%s</p>\n".formatted(escape(text)));
  }

  /** Adds lines that keep their spaces. */
  public void lines(List<String> lines) {
    body.append("<pre>");
    lines.forEach(line -> body.append(escape(line)).append('\n'));
    body.append("</pre>\n");
  }

  /** Adds plots, side by side where they are narrow. */
  public void charts(List<? extends Chart> added) {
    body.append("<div class=\"charts\">\n");
    for (Chart chart : added) {
      Drawing drawing = chart.draw("chart" + charts++ + "-");
      String style = drawing.width() > HALF_WIDTH ? " class=\"whole\"" : "";
      body.append("<figure%s>\n%s\n</figure>\n".formatted(style, drawing.svg()));
    }
    body.append("</div>\n");
  }

  /**
   * Adds a table.
   *
   * @param rows values, one for each column
   * @param totals the last row, set apart; empty for none
   */
  public void table(List<Column> columns, List<List<String>> rows, List<String> totals) {
    body.append("<div class=\"wide\"><table>\n<thead>\n");
    row("th", columns, columns.stream().map(Column::title).toList());
    body.append("</thead>\n<tbody>\n");
    rows.forEach(row -> row("td", columns, row));
    body.append("</tbody>\n");
    if (!totals.isEmpty()) {
      body.append("<tfoot>\n");
      row("td", columns, totals);
      body.append("</tfoot>\n");
    }
    body.append("</table></div>\n");
  }

  private void row(String cell, List<Column> columns, List<String> values) {
    body.append("<tr>");
    for (int i = 0; i < values.size(); i++) {
      String style = columns.get(i).right() ? " class=\"number\"" : "";
      body.append("<%s%s>%s</%s>".formatted(cell, style, escape(values.get(i)), cell));
    }
    body.append("</tr>\n");
  }

  /** Returns the page. */
  public String html() {
    String[] frame = template().split(Pattern.quote("{body}"), 2);
    return frame[0].replace("{title}", escape(title)) + body + frame[1];
  }

  private static String template() {
    try (InputStream in = Page.class.getResourceAsStream(TEMPLATE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a text as XML, a sign of replacement for what that cannot have. */
  static String escape(String text) {
    return FORBIDDEN
        .matcher(text)
        .replaceAll("\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
