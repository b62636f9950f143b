package dev.bcq.pages;

/** A plot to stand in a {@link Page}, whose style sheet gives it the colours of day and night. */
public sealed interface Chart permits BarChart, HeatMap, LineChart {

  /** Returns what is shown. */
  String title();

  /**
   * Draws the plot.
   *
   * @param id prefix of the ids in it, which have to differ within a page
   */
  Drawing draw(String id);
}
