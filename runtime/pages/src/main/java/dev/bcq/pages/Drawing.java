package dev.bcq.pages;

import dev.bcq.console.CommandException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/**
 * A plot that has been drawn.
 *
 * @param svg the element {@code svg}, which needs no namespaces inside a page
 * @param width in pixels at its natural size
 */
public record Drawing(String svg, int width) {
  static final int LETTER_WIDTH = 7;
  static final int MOST_WIDTH = 1100;

  /** Hundredths of a pixel: more cannot be seen, and letters are outlines. */
  private static final int DECIMALS = 2;

  /** Colours that nothing else has: the page's variables take their place. */
  static final Color INK = new Color(1, 1, 1);

  static final Color LINE = new Color(2, 2, 2);
  static final Color NOTHING = new Color(0, 0, 0, 0);

  /** Okabe and Ito 2008: told apart by the colour-blind, and on light and dark grounds. */
  private static final Color[] SERIES = {
    new Color(0, 114, 178),
    new Color(230, 159, 0),
    new Color(0, 158, 115),
    new Color(204, 121, 167),
    new Color(86, 180, 233),
    new Color(213, 94, 0)
  };

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  static Font font() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  }

  /**
   * Checks that letters can be drawn: plots consist of their outlines.
   *
   * @throws CommandException if Java finds no fonts
   */
  static void requireFonts() {
    try {
      font().createGlyphVector(new FontRenderContext(null, true, false), "bcq").getOutline();
    } catch (RuntimeException | InternalError | LinkageError e) {
      throw new CommandException(
          "plots cannot be drawn, for Java finds no fonts (%s); install them and what reads them, on Debian libfontconfig1, libharfbuzz0b and fonts-dejavu-core"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Gives a chart what all of them have. */
  static void style(AxesChartStyler styler) {
    Font font = font();
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
        .setSeriesColors(SERIES)
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
        .setPlotGridLinesStroke(new BasicStroke(1f));
  }

  /** Draws a chart. */
  static Drawing of(AxesChart<?, ?> chart, String id) {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setComment(null);
    context.setPrecision(DECIMALS);
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
    return new Drawing(element(out.toString(), chart), chart.getWidth());
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

  private static String element(String document, AxesChart<?, ?> chart) {
    String body =
        document
            .substring(document.indexOf("<svg") + "<svg".length())
            .replaceAll("\\sxmlns(:\\w+)?=\"[^\"]*\"", "")
            .replace("id=\"genericDefs\"", "")
            .replace("rgb(1,1,1)", "var(--ink)")
            .replace("rgb(2,2,2)", "var(--line)");
    return "<svg role=\"img\" aria-label=\"%s\" width=\"%d\" viewBox=\"0 0 %d %d\""
            .formatted(
                Page.escape(chart.getTitle()),
                chart.getWidth(),
                chart.getWidth(),
                chart.getHeight())
        + body;
  }
}
