package dev.bcq.cli;

import dev.bcq.cli.EvaluationReport.Comparison;
import dev.bcq.cli.EvaluationReport.Kind;
import dev.bcq.cli.SystemResult.Figure;
import dev.bcq.console.TextTable;
import dev.bcq.console.TextTable.Column;
import dev.bcq.evaluation.CrossEntropy;
import dev.bcq.evaluation.PairedBootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a report for people says, in tables and lines below them. */
record EvaluationTables(EvaluationReport report) {
  private static final String NONE = "-";

  private List<Kind> kinds() {
    return Arrays.stream(Kind.values()).filter(report::has).toList();
  }

  /** Returns the figures of each system. */
  TextTable systems() {
    boolean models = report.systems().stream().anyMatch(system -> system.bytes() != null);
    List<Column> columns = new ArrayList<>(List.of(Column.text("system")));
    if (models) {
      columns.add(Column.number("bytes"));
      columns.add(Column.number("bits/weight"));
    }
    kinds().forEach(kind -> columns.add(Column.number(report.title(kind))));
    if (report.has(Kind.CROSS_ENTROPY)) {
      columns.add(Column.number("perplexity"));
    }
    TextTable table = new TextTable(columns.toArray(Column[]::new));
    for (SystemResult system : report.systems()) {
      List<String> row = new ArrayList<>(List.of(system.name()));
      if (models) {
        row.add(number("%,d", system.bytes()));
        row.add(number("%.3f", system.bitsPerWeight()));
      }
      kinds().forEach(kind -> row.add(figure(kind, system)));
      if (report.has(Kind.CROSS_ENTROPY)) {
        Figure found = Kind.CROSS_ENTROPY.of(system);
        row.add(number("%.3f", found == null ? null : CrossEntropy.perplexity(found.score())));
      }
      table.add(row.toArray(String[]::new));
    }
    return table;
  }

  private static String figure(Kind kind, SystemResult system) {
    Figure found = kind.of(system);
    if (found == null) {
      return NONE;
    }
    String format = "%." + kind.decimals() + "f";
    String score = number(format, found.score());
    return found.distribution() == null
        ? score
        : score + " ± " + number(format, found.distribution().halfWidth());
  }

  private static String number(String format, @Nullable Object value) {
    return value == null ? NONE : String.format(Locale.ROOT, format, value);
  }

  /** Returns how each system differs from the baseline. */
  TextTable comparisons() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("against " + report.baseline().name()));
    for (Kind kind : kinds()) {
      columns.add(Column.number(report.title(kind)));
      if (report.bootstrap() != null) {
        columns.add(Column.text("p"));
      }
    }
    TextTable table = new TextTable(columns.toArray(Column[]::new));
    for (SystemResult system : report.others()) {
      List<String> row = new ArrayList<>(List.of(system.name()));
      for (Kind kind : kinds()) {
        Comparison found = report.comparison(kind, system);
        String format = "%+." + kind.decimals() + "f";
        row.add(number(format, found == null ? null : found.difference()));
        if (report.bootstrap() != null) {
          String mark = found != null && found.isSignificant() ? " *" : "";
          row.add(number("%.4f", found == null ? null : found.pValue()) + mark);
        }
      }
      table.add(row.toArray(String[]::new));
    }
    return table;
  }

  /** Returns what the figures were found with. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(counts());
    PairedBootstrap bootstrap = report.bootstrap();
    if (bootstrap != null) {
      notes.add(
          String.format(
              Locale.ROOT,
              "±: half the interval that holds 95 %% of %d resamples (paired bootstrap, seed %d).",
              bootstrap.resamples(),
              bootstrap.seed()));
      if (!report.others().isEmpty()) {
        notes.add("p: chance of such a difference between equal systems; * below 0.05.");
      }
    }
    if (report.hasForeignTokens()) {
      notes.add(
          "Models that cut references into other tokens cannot be compared by cross-entropy.");
    }
    if (report.has(Kind.BLEU)) {
      notes.add(report.bleu().name() + "|" + report.bleu().signature());
      notes.add(report.chrf().name() + "|" + report.chrf().signature());
    }
    return notes;
  }

  private String counts() {
    int size = report.test().size();
    String sentences = number("%,d", size) + (size == 1 ? " sentence" : " sentences");
    long tokens = report.systems().stream().mapToLong(SystemResult::targetTokens).max().orElse(0);
    if (tokens == 0) {
      return sentences + ".";
    }
    return sentences
        + number(
            report.hasForeignTokens()
                ? "; cross-entropy is per target token."
                : "; cross-entropy is per target token, of %,d.",
            tokens);
  }
}
