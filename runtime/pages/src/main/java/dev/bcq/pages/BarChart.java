package dev.bcq.pages;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;

/**
 * A chart of bars.
 *
 * @param title what is shown
 * @param unit of the values
 * @param categories groups of bars
 * @param series bars of each group: for each category a value, or null where there is none
 * @param arrangement of the bars of a group
 */
public record BarChart(
    String title,
    String unit,
    List<String> categories,
    Map<String, List<@Nullable Double>> series,
    Arrangement arrangement)
    implements Chart {
  private static final int HEIGHT = 380;
  private static final int LEAST_WIDTH = 480;
  private static final int BAR_WIDTH = 34;
  private static final int GROUP_GAP = 40;
  private static final int AXIS_WIDTH = 100;

  /** Degrees of names that would not stand beside each other. */
  private static final int SLANTED = 30;

  /** How the bars of a group stand, and whether figures are written. */
  public enum Arrangement {
    /** Side by side, each with its figure. */
    GROUPED,
    /** Upon each other, each with its figure. */
    STACKED,
    /** Upon each other, without figures, for many parts of which some are small. */
    STACKED_BARE
  }

  @Override
  public Drawing draw(String id) {
    int width = AXIS_WIDTH + categories.size() * groupWidth();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.max(LEAST_WIDTH, Math.min(width, Drawing.MOST_WIDTH)))
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(unit)
            .build();
    style(chart.getStyler());
    if (width > Drawing.MOST_WIDTH) {
      chart.getStyler().setXAxisLabelRotation(SLANTED);
    }
    series.forEach((name, values) -> chart.addSeries(name, categories, values));
    return Drawing.of(chart, id);
  }

  /** Returns the width of a group of bars or of the name below it. */
  private int groupWidth() {
    int bars = (arrangement == Arrangement.GROUPED ? series.size() : 1) * BAR_WIDTH + GROUP_GAP;
    int name = categories.stream().mapToInt(String::length).max().orElse(0) * Drawing.LETTER_WIDTH;
    return Math.max(bars, name + GROUP_GAP / 2);
  }

  private void style(CategoryStyler styler) {
    Drawing.style(styler);
    styler.setLegendVisible(series.size() > 1);
    styler.setYAxisMin(0.0);
    styler
        .setStacked(arrangement != Arrangement.GROUPED)
        .setAvailableSpaceFill(0.7)
        .setLabelsVisible(arrangement != Arrangement.STACKED_BARE)
        .setLabelsFont(Drawing.font().deriveFont(11f))
        .setLabelsFontColorAutomaticEnabled(false)
        .setLabelsFontColor(Drawing.INK)
        .setLabelsPosition(arrangement == Arrangement.GROUPED ? 1.08 : 0.5);
  }
}
