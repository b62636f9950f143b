package dev.bcq.cli;

import dev.bcq.cli.EvaluationReport.Kind;
import dev.bcq.cli.SystemResult.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sentences that changed most from the baseline to a system, side by side. */
record ChangeText(EvaluationReport report, SystemResult system) {

  String render() {
    Kind by = report.changeKind(system);
    String title = report.baseline().name() + " to " + system.name();
    if (by == null) {
      return "From " + title + ": nothing that a sentence could be compared by\n";
    }
    StringBuilder text = new StringBuilder();
    text.append("Largest changes from ")
        .append(title)
        .append(", by ")
        .append(report.title(by))
        .append(" of the sentence\n");
    List<Integer> sentences = report.changes(system);
    if (sentences.isEmpty()) {
      text.append("none\n");
    }
    sentences.forEach(sentence -> text.append('\n').append(change(sentence)));
    return text.toString();
  }

  private String change(int sentence) {
    List<String> figures = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (report.comparison(kind, system) != null) {
        figures.add(report.title(kind) + " " + figure(kind, sentence));
      }
    }
    Map<String, String> lines = new LinkedHashMap<>();
    if (report.test().sources() != null) {
      lines.put("source", report.test().sources().get(sentence));
    }
    lines.put("reference", report.test().references().get(sentence));
    for (SystemResult one : List.of(report.baseline(), system)) {
      if (one.hypotheses() != null) {
        lines.put(one.name(), one.hypotheses().get(sentence));
      }
    }
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(1);
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "sentence %d: ", sentence + 1))
        .append(String.join(", ", figures))
        .append('\n');
    lines.forEach(
        (name, line) ->
            text.append(String.format(Locale.ROOT, "  %-" + width + "s  %s", name, line))
                .append('\n'));
    return text.toString();
  }

  private String figure(Kind kind, int sentence) {
    String format = "%." + kind.decimals() + "f";
    return score(kind.of(report.baseline()), sentence, format)
        + " -> "
        + score(kind.of(system), sentence, format);
  }

  private static String score(@Nullable Figure figure, int sentence, String format) {
    return figure == null
        ? "-"
        : String.format(Locale.ROOT, format, figure.statistics().sentenceScore(sentence));
  }
}
