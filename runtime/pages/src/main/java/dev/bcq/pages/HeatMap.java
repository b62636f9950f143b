package dev.bcq.pages;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;

/**
 * A table of coloured cells, pale where a value is least and strong where it is greatest, also in
 * shades of grey. Each has its figure in it, unless there are so many columns that it would not be
 * legible.
 *
 * @param title what is shown
 * @param columnTitle what the columns are
 * @param columns their names
 * @param rows names of the rows, from above
 * @param cells those that there is something in, at least one
 */
public record HeatMap(
    String title, String columnTitle, List<String> columns, List<String> rows, List<Cell> cells)
    implements Chart {
  private static final int CELL_HEIGHT = 24;
  private static final int CELL_WIDTH = 40;
  private static final int NARROWEST_WITH_FIGURE = 30;
  private static final int NARROWEST_WITH_NAME = 26;
  private static final int UPRIGHT = 90;
  private static final int LEAST_WIDTH = 400;
  private static final int AROUND = 40;
  private static final int TITLE_LETTER_WIDTH = 9;
  private static final int NAME_HEIGHT = 16;
  private static final int TITLES_HEIGHT = 96;

  /** Dark letters are legible on both: their contrast is 15 and 6. */
  private static final Color[] SHADES = {new Color(254, 240, 217), new Color(236, 135, 60)};

  private static final Color LETTERS = new Color(28, 30, 33);

  /**
   * A cell.
   *
   * @param column its index
   * @param row its index
   * @param shade what its colour is taken from
   * @param figure what is written in it, a few letters
   */
  public record Cell(int column, int row, double shade, String figure) {}

  @Override
  public Drawing draw(String id) {
    int names = AROUND + longest(rows) * Drawing.LETTER_WIDTH;
    // The title stands above the cells, not above the names of the rows.
    int cellsWidth = Math.max(columns.size() * CELL_WIDTH, title.length() * TITLE_LETTER_WIDTH);
    int width = Math.max(LEAST_WIDTH, Math.min(names + cellsWidth, Drawing.MOST_WIDTH));
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(width)
            .height(TITLES_HEIGHT + rows.size() * CELL_HEIGHT)
            .title(title)
            .xAxisTitle(columnTitle)
            .build();
    style(chart.getStyler());
    double cellWidth = (double) (width - names) / columns.size();
    if (cellWidth < NARROWEST_WITH_NAME) {
      chart.getStyler().setXAxisLabelRotation(UPRIGHT);
    }
    List<String> upwards = new ArrayList<>(rows);
    Collections.reverse(upwards);
    List<Number[]> values = new ArrayList<>();
    for (Cell cell : cells) {
      values.add(new Number[] {cell.column(), rows.size() - 1 - cell.row(), cell.shade()});
    }
    chart.addSeries(title, columns, upwards, values);
    if (cellWidth >= NARROWEST_WITH_FIGURE) {
      chart.addAnnotation(new Figures());
    }
    return Drawing.of(chart, id);
  }

  private static int longest(List<String> names) {
    return names.stream().mapToInt(String::length).max().orElse(0);
  }

  private static void style(HeatMapStyler styler) {
    Drawing.style(styler);
    styler.setRangeColors(SHADES).setDrawBorder(false).setShowValue(false);
    styler.setPlotGridLinesVisible(false).setXAxisTickMarkSpacingHint(NAME_HEIGHT);
    styler.setPlotContentSize(1).setLegendVisible(false);
  }

  /**
   * The figures of all cells, as text in their middle: as figures of the chart, they would all have
   * the same pattern, in the machine's language.
   */
  private final class Figures extends AnnotationText {
    Figures() {
      super("", 0, 0, true);
    }

    @Override
    public void paint(Graphics2D graphics) {
      double left = getXAxisScreenValueForMin();
      double top = getYAxisScreenValueForMin();
      double width = (getXAxisScreenValueForMax() - left) / columns.size();
      double height = (getYAxisScreenValueForMax() - top) / rows.size();
      graphics.setColor(LETTERS);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
      for (Cell cell : cells) {
        double x = left + (cell.column() + 0.5) * width;
        double y = top + (cell.row() + 0.5) * height + 4;
        graphics.drawString(cell.figure(), (float) x, (float) y);
      }
    }
  }
}
