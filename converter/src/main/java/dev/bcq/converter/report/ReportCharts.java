package dev.bcq.converter.report;

import dev.bcq.converter.allocate.Allocation;
import dev.bcq.converter.allocate.SizeChoice;
import dev.bcq.pages.BarChart;
import dev.bcq.pages.Chart;
import dev.bcq.pages.HeatMap;
import dev.bcq.pages.HeatMap.Cell;
import dev.bcq.pages.LineChart;
import dev.bcq.pages.LineChart.Heights;
import dev.bcq.pages.LineChart.Line;
import dev.bcq.pages.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The plots of a conversion: only those that there is something to see in. */
final class ReportCharts {
  private static final String COLUMN_TITLE = "layers of the encoder (e) and the decoder (d)";
  private static final double MEGABYTE = 1e6;
  private static final double MILLI = 1e3;
  private static final double PERCENT = 100;

  /** What would be rounded to nothing. */
  private static final double SMALLEST = 0.005;

  private final ConversionReport report;
  private final List<String> columns;
  private final List<String> rows;

  ReportCharts(ConversionReport report) {
    this.report = report;
    Set<String> layers = new LinkedHashSet<>();
    Set<String> kinds = new LinkedHashSet<>();
    for (String begin : List.of(MatrixPlace.OUTSIDE, "d", "e")) {
      places(begin).forEach(place -> kinds.add(place.kind()));
    }
    for (String begin : List.of(MatrixPlace.OUTSIDE, "e", "d")) {
      places(begin).forEach(place -> layers.add(place.column()));
    }
    this.columns = List.copyOf(layers);
    this.rows = List.copyOf(kinds);
  }

  private List<MatrixPlace> places(String columns) {
    return report.matrices().stream()
        .map(matrix -> MatrixPlace.of(matrix.name()))
        .filter(place -> place.column().startsWith(columns))
        .toList();
  }

  /** Returns the bytes of each part. */
  List<Chart> budget(SizeBudget budget) {
    Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
    series.put(
        "planes or weights",
        bars(budget, s -> s.matrices().isEmpty() ? 0 : s.bytes() - s.scaleBytes()));
    series.put("scales, offsets, order of rows", bars(budget, SizeBudget.Share::scaleBytes));
    series.put("what is not quantized", bars(budget, s -> s.matrices().isEmpty() ? s.bytes() : 0));
    List<String> parts =
        budget.shares().stream().map(share -> share.name() + ", " + budget.percent(share)).toList();
    return List.of(
        new BarChart("Bytes by part", "MB", parts, series, BarChart.Arrangement.STACKED_BARE));
  }

  private static List<@Nullable Double> bars(
      SizeBudget budget, ToDoubleFunction<SizeBudget.Share> bytes) {
    List<@Nullable Double> values = new ArrayList<>();
    for (SizeBudget.Share share : budget.shares()) {
      values.add(Math.round(bytes.applyAsDouble(share) / MEGABYTE * 1e3) / 1e3);
    }
    return values;
  }

  /** Returns bits and errors of each matrix. */
  List<Chart> matrices() {
    List<Chart> charts = new ArrayList<>();
    addMap(charts, "Bits per weight", MatrixReport::bitsPerWeight, 1);
    addMap(charts, "Relative error of the weights, %", MatrixReport::relativeError, PERCENT);
    addMap(
        charts,
        "Relative error of the outputs, %",
        matrix -> matrix.candidates().isEmpty() ? null : matrix.candidates().get(0).outputError(),
        PERCENT);
    return charts;
  }

  /** Returns what matrices cost alone. */
  List<Chart> losses(MatrixLosses losses) {
    List<Chart> charts = new ArrayList<>();
    int planes =
        Math.clamp(Math.round(report.bitsPerWeight()), 1, Math.max(1, losses.mostPlanes()));
    addMap(
        charts,
        String.format(Locale.ROOT, "Sensitivity, %d planes: nats/1000 tokens", planes),
        matrix -> losses.at(matrix, planes),
        MILLI);
    addMap(charts, "Cost as stored: nats/1000 tokens", losses::asStored, MILLI);
    List<Line> lines = new ArrayList<>();
    for (SizeBudget.Share part : new SizeBudget(report).shares()) {
      Line line = byPlanes(part, losses);
      if (line.x().size() > 1) {
        lines.add(line);
      }
    }
    if (!lines.isEmpty()) {
      charts.add(
          new LineChart(
              "Loss of each part alone by its planes",
              "planes",
              "sum over its matrices, nats per token",
              lines,
              Heights.LOGARITHMIC));
    }
    return charts;
  }

  private static Line byPlanes(SizeBudget.Share part, MatrixLosses losses) {
    Line line = new Line(part.name(), new ArrayList<>(), new ArrayList<>());
    for (int planes = 1; planes <= losses.mostPlanes(); planes++) {
      int count = planes;
      List<Double> measured =
          part.matrices().stream()
              .map(matrix -> losses.at(matrix, count))
              .filter(Objects::nonNull)
              .map(loss -> (double) loss)
              .toList();
      double sum = measured.stream().mapToDouble(Double::doubleValue).sum();
      if (sum > 0 && measured.size() == part.matrices().size()) {
        line.x().add((double) planes);
        line.y().add(sum);
      }
    }
    return line;
  }

  /** Returns loss against size, if there are sizes to compare. */
  List<Chart> sizes(Allocation allocation) {
    List<SizeChoice> sizes = allocation.sizes();
    if (sizes.size() < 2) {
      return List.of();
    }
    List<Line> lines = new ArrayList<>();
    addLine(lines, "predicted", sizes, SizeChoice::predicted);
    addLine(lines, "measured", sizes, ReportCharts::divergence);
    sizes.stream()
        .filter(SizeChoice::chosen)
        .findFirst()
        .map(ReportCharts::pole)
        .ifPresent(lines::add);
    return List.of(
        new LineChart(
            "Loss against size",
            "file, MB",
            "divergence from the float model, nats per token",
            lines,
            Heights.FROM_ZERO));
  }

  /** Returns a line from the axis up to the loss of a size. */
  private static Line pole(SizeChoice size) {
    double x = size.fileBytes() / MEGABYTE;
    Double measured = divergence(size);
    return new Line(
        "chosen", List.of(x, x), List.of(0.0, measured == null ? size.predicted() : measured));
  }

  private static @Nullable Double divergence(SizeChoice size) {
    return size.measured() == null ? null : size.measured().divergence();
  }

  private static void addLine(
      List<Line> lines,
      String name,
      List<SizeChoice> sizes,
      Function<SizeChoice, @Nullable Double> loss) {
    Line line = new Line(name, new ArrayList<>(), new ArrayList<>());
    for (SizeChoice size : sizes) {
      Double value = loss.apply(size);
      if (value != null) {
        line.x().add(size.fileBytes() / MEGABYTE);
        line.y().add(value);
      }
    }
    if (!line.x().isEmpty()) {
      lines.add(line);
    }
  }

  /** Adds a map, unless it would be empty. Shades tell ratios: figures differ by magnitudes. */
  private void addMap(
      List<Chart> charts,
      String title,
      Function<MatrixReport, @Nullable Double> value,
      double factor) {
    List<Cell> cells = cells(value, factor);
    if (!cells.isEmpty()) {
      charts.add(new HeatMap(title, COLUMN_TITLE, columns, rows, cells));
    }
  }

  /** Returns the cells of those that have a value; none if no value is above 0. */
  private List<Cell> cells(Function<MatrixReport, @Nullable Double> value, double factor) {
    double least =
        report.matrices().stream()
            .map(value)
            .filter(Objects::nonNull)
            .mapToDouble(found -> found)
            .filter(found -> found > 0)
            .min()
            .orElse(0);
    List<Cell> cells = new ArrayList<>();
    for (MatrixReport matrix : report.matrices()) {
      Double found = value.apply(matrix);
      if (found != null && least > 0) {
        MatrixPlace place = MatrixPlace.of(matrix.name());
        cells.add(
            new Cell(
                columns.indexOf(place.column()),
                rows.indexOf(place.kind()),
                Math.log(Math.max(found, least)),
                figure(found * factor)));
      }
    }
    return cells;
  }

  private static String figure(double value) {
    return value == 0 ? "0" : value < SMALLEST ? "<.01" : Numbers.threeDigits(value);
  }
}
