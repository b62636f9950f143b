package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.ProcessMemory;
import dev.bcq.benchmarks.measure.Result;
import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table of results, for a terminal or a page.
 *
 * @param title what it is about
 * @param columns headings
 * @param rows values, one for each column
 */
record ResultTable(String title, List<Column> columns, List<List<String>> rows) {

  /** A column of figures. */
  private record Figure<T>(String title, Function<T, String> text) {}

  /** Returns all tables that there is something to say in. */
  static List<ResultTable> all(List<Result> results) {
    Keys keys = new Keys(results);
    List<ResultTable> tables = new ArrayList<>();
    tables.add(table("Speed: medians; quartiles of the decoder's", keys, results, speed(results)));
    tables.add(table("Size, memory and start, MB of 10^6 bytes", keys, results, memory(results)));
    List<Ratios> ratios = Ratios.of(results);
    if (!ratios.isEmpty()) {
      tables.add(againstFloat32(keys, ratios));
    }
    return tables;
  }

  private static List<Figure<Result>> speed(List<Result> results) {
    List<Figure<Result>> figures = new ArrayList<>();
    figures.add(new Figure<>("decoder tokens/s", r -> Figures.median(r.decoderTokensPerSecond())));
    figures.add(new Figure<>("quartiles", r -> Figures.quartiles(r.decoderTokensPerSecond())));
    figures.add(new Figure<>("encoder tokens/s", r -> Figures.median(r.encoderTokensPerSecond())));
    figures.add(new Figure<>("encoder ms", r -> Figures.median(r.encoderMilliseconds())));
    figures.add(new Figure<>("first token ms", r -> Figures.median(r.firstTokenMilliseconds())));
    figures.add(new Figure<>("latency p50 ms", r -> Figures.median(r.latencyMilliseconds())));
    figures.add(
        new Figure<>("p95 ms", r -> Figures.number(r.latencyMilliseconds().quantile(0.95))));
    figures.add(new Figure<>("matrix products", r -> Figures.percent(r.matrixShare())));
    if (results.stream().anyMatch(result -> result.openBlasMilliseconds() != null)) {
      figures.add(new Figure<>("decoder/OpenBLAS", r -> Figures.ratio(overOpenBlas(r))));
    }
    if (results.stream().anyMatch(result -> result.bleu() != null)) {
      figures.add(new Figure<>("BLEU", r -> Figures.bleu(r.bleu())));
    }
    return figures;
  }

  /** Returns the decoder's time over that of its matrix products alone in OpenBLAS. */
  private static @Nullable Double overOpenBlas(Result result) {
    return result.openBlasMilliseconds() == null
        ? null
        : Result.PRODUCT_POSITIONS
            * 1000
            / result.decoderTokensPerSecond().median()
            / result.openBlasMilliseconds().median();
  }

  private static List<Figure<Result>> memory(List<Result> results) {
    List<Figure<Result>> figures = new ArrayList<>();
    figures.add(new Figure<>("file", r -> Figures.megabytes(r.fileBytes())));
    figures.add(
        new Figure<>("model + activations + cache", r -> Figures.megabytes(r.workingBytes())));
    figures.add(new Figure<>("process peak", r -> part(r, ProcessMemory::peak)));
    figures.add(new Figure<>("Java heap", r -> part(r, ProcessMemory::heap)));
    figures.add(new Figure<>("mapped model", r -> part(r, ProcessMemory::mapped)));
    figures.add(new Figure<>("rest", r -> part(r, ProcessMemory::rest)));
    figures.add(new Figure<>("cold start ms", r -> Figures.median(r.coldStartMilliseconds())));
    if (results.stream().anyMatch(result -> result.joulesPerSentence() != null)) {
      figures.add(new Figure<>("J/sentence", r -> Figures.median(r.joulesPerSentence())));
    }
    return figures;
  }

  private static String part(Result result, Function<ProcessMemory, Long> part) {
    return result.memory() == null
        ? Figures.ABSENT
        : Figures.megabytes(part.apply(result.memory()));
  }

  private static ResultTable againstFloat32(Keys keys, List<Ratios> ratios) {
    List<Figure<Ratios>> figures =
        List.of(
            new Figure<>("file smaller", r -> Figures.ratio(r.file())),
            new Figure<>("memory less", r -> Figures.ratio(r.memory())),
            new Figure<>("process less", r -> Figures.ratio(r.process())),
            new Figure<>("encoder faster", r -> Figures.ratio(r.encoder())),
            new Figure<>("decoder faster", r -> Figures.ratio(r.decoder())),
            new Figure<>("end to end faster", r -> Figures.ratio(r.endToEnd())));
    return new ResultTable(
        "Against float32 of the same run",
        columns(keys, figures),
        ratios.stream().map(ratio -> row(keys.values(ratio.result()), figures, ratio)).toList());
  }

  private static ResultTable table(
      String title, Keys keys, List<Result> results, List<Figure<Result>> figures) {
    return new ResultTable(
        title,
        columns(keys, figures),
        results.stream().map(result -> row(keys.values(result), figures, result)).toList());
  }

  private static <T> List<Column> columns(Keys keys, List<Figure<T>> figures) {
    return Stream.concat(
            keys.shown().stream().map(key -> new Column(key.title(), key.number())),
            figures.stream().map(figure -> Column.number(figure.title())))
        .toList();
  }

  private static <T> List<String> row(List<String> keys, List<Figure<T>> figures, T item) {
    return Stream.concat(keys.stream(), figures.stream().map(figure -> figure.text().apply(item)))
        .toList();
  }

  /** Returns the table for a terminal. */
  String text() {
    TextTable table = new TextTable(columns.toArray(Column[]::new));
    rows.forEach(row -> table.add(row.toArray(String[]::new)));
    return table.render();
  }
}
