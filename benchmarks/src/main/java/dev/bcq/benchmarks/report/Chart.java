package dev.bcq.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/**
 * A chart of bars as SVG to stand in a page, whose style sheet gives it the colours of day and
 * night.
 *
 * @param title what is shown
 * @param unit of the values
 * @param categories groups of bars
 * @param series bars of each group: for each category a value, or null where there is none
 * @param stacked whether the bars of a group lie upon each other
 */
record Chart(
    String title,
    String unit,
    List<String> categories,
    Map<String, List<@Nullable Double>> series,
    boolean stacked) {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final int HEIGHT = 380;
  private static final int LEAST_WIDTH = 480;
  private static final int MOST_WIDTH = 1100;
  private static final int BAR_WIDTH = 34;
  private static final int GROUP_GAP = 40;
  private static final int AXIS_WIDTH = 100;
  private static final int LETTER_WIDTH = 7;

  /** Degrees of names that would not stand beside each other. */
  private static final int SLANTED = 30;

  /** Colours that no bar has: the page's variables take their place. */
  private static final Color INK = new Color(1, 1, 1);

  private static final Color LINE = new Color(2, 2, 2);
  private static final Color NOTHING = new Color(0, 0, 0, 0);

  /** Okabe and Ito 2008: told apart by the colour-blind, and on light and dark grounds. */
  private static final Color[] BARS = {
    new Color(0, 114, 178),
    new Color(230, 159, 0),
    new Color(0, 158, 115),
    new Color(204, 121, 167),
    new Color(86, 180, 233),
    new Color(213, 94, 0)
  };

  /**
   * Returns the element {@code svg}.
   *
   * @param id prefix of the ids in it, which have to differ within a page
   */
  String svg(String id) {
    CategoryChart chart = chart();
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setComment(null);
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return id + super.generateID(prefix);
          }
        });
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    StringWriter out = new StringWriter();
    try {
      graphics.stream(out, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return element(out.toString(), chart.getWidth());
  }

  private CategoryChart chart() {
    int width = AXIS_WIDTH + categories.size() * groupWidth();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.clamp(width, LEAST_WIDTH, MOST_WIDTH))
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(unit)
            .build();
    style(chart.getStyler());
    if (width > MOST_WIDTH) {
      chart.getStyler().setXAxisLabelRotation(SLANTED);
    }
    series.forEach((name, values) -> chart.addSeries(name, categories, values));
    return chart;
  }

  /** Returns the width of a group of bars or of the name below it. */
  private int groupWidth() {
    int bars = (stacked ? 1 : series.size()) * BAR_WIDTH + GROUP_GAP;
    int name = categories.stream().mapToInt(String::length).max().orElse(0) * LETTER_WIDTH;
    return Math.max(bars, name + GROUP_GAP / 2);
  }

  private void style(CategoryStyler styler) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    styler.setLocale(Locale.ROOT);
    styler
        .setChartBackgroundColor(NOTHING)
        .setPlotBackgroundColor(NOTHING)
        .setPlotBorderVisible(false)
        .setChartFontColor(INK)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(font.deriveFont(Font.BOLD, 14f))
        .setLegendFont(font)
        .setLegendBackgroundColor(NOTHING)
        .setLegendBorderColor(NOTHING)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendVisible(series.size() > 1)
        .setSeriesColors(BARS)
        .setXAxisTitleColor(INK)
        .setYAxisTitleColor(INK);
    styler
        .setAxisTickLabelsFont(font)
        .setAxisTitleFont(font)
        .setAxisTickLabelsColor(INK)
        .setXAxisTickLabelsColor(INK)
        .setYAxisTickLabelsColor(INK)
        .setAxisTicksMarksVisible(false)
        .setAxisTicksLineVisible(false)
        .setPlotGridVerticalLinesVisible(false)
        .setPlotGridLinesColor(LINE)
        .setPlotGridLinesStroke(new BasicStroke(1f))
        .setYAxisMin(0.0);
    styler
        .setStacked(stacked)
        .setAvailableSpaceFill(0.7)
        .setLabelsVisible(true)
        .setLabelsFont(font.deriveFont(11f))
        .setLabelsFontColorAutomaticEnabled(false)
        .setLabelsFontColor(INK)
        .setLabelsPosition(stacked ? 0.5 : 1.08);
  }

  private static Document document() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      return factory
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the element alone, which needs no namespaces inside a page. */
  private String element(String document, int width) {
    return document
        .substring(document.indexOf("<svg"))
        .replaceAll("\\sxmlns(:\\w+)?=\"[^\"]*\"", "")
        .replaceFirst(
            "<svg",
            "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\""
                .formatted(title, width, HEIGHT))
        .replace("id=\"genericDefs\"", "")
        .replaceAll("rgb\\(1,1,1\\)", "var(--ink)")
        .replaceAll("rgb\\(2,2,2\\)", "var(--line)");
  }
}
