package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.Conditions;
import dev.bcq.benchmarks.measure.Machine;
import dev.bcq.evaluation.Bleu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a published figure has to carry.
 *
 * @param version of the program
 * @param commit of the sources, or null if they are not under git
 * @param date when the run began, ISO 8601
 * @param command what was typed
 * @param machine where
 * @param before in what state the machine was when the run began
 * @param after and when it ended
 * @param kernels what each provider runs on, by id
 * @param work what was translated, in words
 * @param bleuSentences sentences that were translated for BLEU, or null if it was not measured
 * @param openBlas what OpenBLAS says of itself, or null if it was not used
 * @param absences what could not be measured, and why
 */
public record Header(
    String version,
    @Nullable String commit,
    String date,
    String command,
    Machine machine,
    Conditions before,
    Conditions after,
    Map<String, String> kernels,
    String work,
    @Nullable Integer bleuSentences,
    @Nullable String openBlas,
    List<String> absences) {

  /** Returns names and values, for people. */
  Map<String, String> rows() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("command", command);
    rows.put("version", version + (commit == null ? "" : ", commit " + commit) + ", " + date);
    if (machine.board() != null) {
      rows.put("board", machine.board());
    }
    rows.put(
        "CPU",
        String.format(
            Locale.ROOT,
            "%s; %d cores%s; governor %s",
            machine.processor(),
            machine.cores(),
            machine.coreNumbers() == null ? "" : " (" + machine.coreNumbers() + ")",
            machine.governor() == null ? "unknown" : machine.governor()));
    if (before.megahertz() != null || before.celsius() != null) {
      rows.put("clock", "%s before, %s after".formatted(clock(before), clock(after)));
    }
    rows.put(
        "kernels",
        kernels.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; ")));
    if (openBlas != null) {
      rows.put("reference", openBlas);
    }
    rows.put("JVM", machine.jvm());
    rows.put(
        "system",
        "%s; memory %s; load %s"
            .formatted(
                machine.system(),
                Figures.megabytes(machine.memoryBytes()) + " MB",
                before.load() == null
                    ? "unknown"
                    : String.format(Locale.ROOT, "%.2f", before.load())));
    rows.put("work", work);
    if (bleuSentences != null) {
      rows.put(
          "BLEU",
          String.format(
              Locale.ROOT, "of %d sentences; %s", bleuSentences, Bleu.DEFAULT.signature()));
    }
    if (!absences.isEmpty()) {
      rows.put("not measured", String.join("; ", absences));
    }
    return rows;
  }

  private static String clock(Conditions conditions) {
    return Stream.of(
            conditions.megahertz() == null
                ? null
                : String.format(Locale.ROOT, "%.0f MHz", conditions.megahertz()),
            conditions.celsius() == null
                ? null
                : String.format(Locale.ROOT, "%.0f \u00b0C", conditions.celsius()))
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" and "));
  }

  /** Returns what disturbs the figures. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (machine.emulated()) {
      warnings.add(
          "warning: this machine is emulated: times, rates and memory say nothing about a real one");
    }
    if (machine.isBusy(before)) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "warning: the machine is busy (load %.2f on %d cores): figures are lower and scatter"
                  + " more than they should",
              before.load(),
              machine.cores()));
    }
    return warnings;
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("version", version);
    json.put("commit", commit);
    json.put("date", date);
    json.put("command", command);
    json.put("board", machine.board());
    json.put("cpu", machine.processor());
    json.put("cores", machine.cores());
    json.put("coreNumbers", machine.coreNumbers());
    json.put("emulated", machine.emulated());
    json.put("memoryBytes", machine.memoryBytes());
    json.put("jvm", machine.jvm());
    json.put("os", machine.system());
    json.put("governor", machine.governor());
    json.put("megahertzBefore", before.megahertz());
    json.put("megahertzAfter", after.megahertz());
    json.put("celsiusBefore", before.celsius());
    json.put("celsiusAfter", after.celsius());
    json.put("loadAverage", before.load());
    json.put("busy", machine.isBusy(before));
    json.put("kernels", kernels);
    json.put("openBlas", openBlas);
    json.put("work", work);
    json.put("bleuSentences", bleuSentences);
    json.put("bleuSignature", bleuSentences == null ? null : Bleu.DEFAULT.signature());
    json.put("notMeasured", absences);
    return json;
  }
}
