package dev.bcq.pages;

import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A chart of points, joined by lines; series are told apart by colour and by the form of their
 * points.
 *
 * @param title what is shown
 * @param xTitle name and unit of what lies to the right
 * @param yTitle name and unit of what lies above
 * @param lines the series
 * @param heights how values become heights
 */
public record LineChart(
    String title, String xTitle, String yTitle, List<Line> lines, Heights heights)
    implements Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 340;
  private static final int POINT_SIZE = 8;
  private static final Marker[] FORMS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS
  };

  /** How values become heights. */
  public enum Heights {
    /** From 0 on: heights tell ratios. */
    FROM_ZERO,
    /**
     * Between the least and the largest value: for differences that are small beside the values.
     */
    WITHIN,
    /** Equal ratios are equally high; values must be above 0. */
    LOGARITHMIC
  }

  /**
   * A series.
   *
   * @param name what the legend says
   * @param x from left to right
   * @param y as many
   */
  public record Line(String name, List<Double> x, List<Double> y) {}

  @Override
  public Drawing draw(String id) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    Drawing.style(chart.getStyler());
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setLegendLayout(LegendLayout.Vertical);
    chart.getStyler().setMarkerSize(POINT_SIZE);
    chart.getStyler().setYAxisLogarithmic(heights == Heights.LOGARITHMIC);
    if (heights == Heights.FROM_ZERO) {
      chart.getStyler().setYAxisMin(0.0);
    }
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      chart.addSeries(line.name(), line.x(), line.y()).setMarker(FORMS[i % FORMS.length]);
    }
    return Drawing.of(chart, id);
  }
}
