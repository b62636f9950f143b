package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.ProcessMemory;
import dev.bcq.benchmarks.measure.Result;
import dev.bcq.benchmarks.measure.Spread;
import dev.bcq.pages.BarChart;
import dev.bcq.pages.BarChart.Arrangement;
import dev.bcq.pages.Chart;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The charts of a run. */
final class Charts {
  private static final double MEGABYTE = 1e6;

  private final List<Result> results;
  private final Keys keys;
  private final List<String> models;

  private Charts(List<Result> results) {
    this.results = results;
    this.keys = new Keys(results);
    this.models = results.stream().map(keys::model).distinct().toList();
  }

  static List<Chart> of(List<Result> results) {
    Charts charts = new Charts(results);
    List<Chart> all = new ArrayList<>();
    all.add(charts.byModel("Decoder", "tokens/s", Result::decoderTokensPerSecond));
    all.add(charts.byModel("Encoder", "tokens/s", Result::encoderTokensPerSecond));
    all.add(charts.byModel("A sentence, median", "ms", Result::latencyMilliseconds));
    all.add(charts.byModel("First token, median", "ms", Result::firstTokenMilliseconds));
    if (results.stream().anyMatch(result -> result.coldStartMilliseconds() != null)) {
      all.add(
          charts.byModel(
              "From the start of a process to its translation",
              "ms",
              Result::coldStartMilliseconds));
    }
    all.add(charts.files());
    if (results.stream().anyMatch(result -> result.memory() != null)) {
      all.add(charts.memory());
    }
    return all;
  }

  /** Returns the chart that shows devices side by side. */
  static Chart ofDevices(List<DeviceResult> results) {
    List<String> combinations = results.stream().map(DeviceResult::combination).distinct().toList();
    Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
    for (DeviceResult result : results) {
      Double rate = result.decoderTokensPerSecond();
      series
          .computeIfAbsent(result.place(), place -> absent(combinations))
          .set(combinations.indexOf(result.combination()), rate == null ? null : rounded(rate));
    }
    return new BarChart(
        "Decoder, beside other runs", "tokens/s", combinations, series, Arrangement.GROUPED);
  }

  private BarChart byModel(String title, String unit, Function<Result, @Nullable Spread> figure) {
    Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
    for (Result result : results) {
      Spread spread = figure.apply(result);
      series
          .computeIfAbsent(keys.way(result), way -> absent())
          .set(
              models.indexOf(keys.model(result)), spread == null ? null : rounded(spread.median()));
    }
    return new BarChart(title, unit, models, named(series), Arrangement.GROUPED);
  }

  private BarChart files() {
    List<@Nullable Double> sizes = absent();
    for (Result result : results) {
      sizes.set(models.indexOf(keys.model(result)), rounded(result.fileBytes() / MEGABYTE));
    }
    return new BarChart("File", "MB", models, Map.of("file", sizes), Arrangement.GROUPED);
  }

  /** Memory of the first way in which each model is run. */
  private BarChart memory() {
    Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
    series.put("Java heap", memory(ProcessMemory::heap));
    series.put("mapped model", memory(ProcessMemory::mapped));
    series.put("the rest", memory(ProcessMemory::rest));
    String way = keys.way(results.get(0));
    return new BarChart(
        "Peak memory of a process" + (way.isEmpty() ? "" : ", " + way),
        "MB",
        models,
        series,
        Arrangement.STACKED);
  }

  private List<@Nullable Double> memory(ToLongFunction<ProcessMemory> part) {
    List<@Nullable Double> values = absent();
    String first = keys.way(results.get(0));
    for (Result result : results) {
      ProcessMemory memory = result.memory();
      if (memory != null && keys.way(result).equals(first)) {
        values.set(
            models.indexOf(keys.model(result)), rounded(part.applyAsLong(memory) / MEGABYTE));
      }
    }
    return values;
  }

  private List<@Nullable Double> absent() {
    return absent(models);
  }

  private static List<@Nullable Double> absent(List<String> categories) {
    List<@Nullable Double> values = new ArrayList<>();
    categories.forEach(category -> values.add(null));
    return values;
  }

  /** Gives a series a name where there is only one, which needs none elsewhere. */
  private static Map<String, List<@Nullable Double>> named(
      Map<String, List<@Nullable Double>> series) {
    return series.containsKey("") ? Map.of("median", series.values().iterator().next()) : series;
  }

  /** Bars are labelled: with three digits that count. */
  private static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(3)).doubleValue();
  }
}
