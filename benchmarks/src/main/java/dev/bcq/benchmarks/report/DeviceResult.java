package dev.bcq.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandException;
import dev.bcq.console.TextTable.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A result of some device, as JSON tells it; null is what was not measured there.
 *
 * @param device name of the board or the processor
 * @param kernels id of the provider, and what it runs on
 * @param decoderTokensPerSecond positions of one sentence over the decoder's time
 * @param encoderMilliseconds time of the encoder
 * @param firstTokenMilliseconds from the source to the choice of the first token
 * @param latencyP50Milliseconds median from the source to the target
 * @param latencyP95Milliseconds 95th percentile of the same
 * @param peakBytes largest resident size of a process
 * @param fileBytes the model file
 */
public record DeviceResult(
    String device,
    String model,
    String bits,
    String kernels,
    String threads,
    String beam,
    @Nullable Double decoderTokensPerSecond,
    @Nullable Double encoderMilliseconds,
    @Nullable Double firstTokenMilliseconds,
    @Nullable Double latencyP50Milliseconds,
    @Nullable Double latencyP95Milliseconds,
    @Nullable Long peakBytes,
    @Nullable Long fileBytes) {
  private static final long LONGEST_FILE = 16 << 20;

  /**
   * Reads what {@code bcq-bench --json} or the benchmark of the Android application has written.
   *
   * @throws CommandException if the file is something else
   */
  public static List<DeviceResult> read(Path file) {
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw foreign(file, "it has " + Files.size(file) + " bytes");
      }
      return of(new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw Files.exists(file)
          ? foreign(file, "it is no JSON")
          : new CommandException(file + " does not exist", e);
    } catch (IllegalArgumentException e) {
      throw foreign(file, String.valueOf(e.getMessage()));
    }
  }

  private static CommandException foreign(Path file, String found) {
    return new CommandException(
        file + " has no results: " + found + "; expected what bcq-bench --json writes");
  }

  /**
   * Returns the results of a report.
   *
   * @throws IllegalArgumentException if there are none
   */
  static List<DeviceResult> of(JsonNode report) {
    JsonNode results = report.path("results");
    if (!results.isArray() || results.isEmpty()) {
      throw new IllegalArgumentException("it has no list 'results'");
    }
    String device = device(report.path("header"));
    List<DeviceResult> all = new ArrayList<>();
    for (JsonNode result : results) {
      all.add(
          new DeviceResult(
              device,
              text(result, "model"),
              text(result, "bits"),
              (text(result, "kernels") + " " + result.path("isa").asText()).strip(),
              text(result, "threads"),
              text(result, "beam"),
              number(result, "decoderTokensPerSecond"),
              number(result, "encoderMilliseconds"),
              number(result, "firstTokenMilliseconds"),
              number(result, "latencyP50Milliseconds"),
              number(result, "latencyP95Milliseconds"),
              bytes(result, "peakRssBytes"),
              bytes(result, "fileBytes")));
    }
    return all;
  }

  private static String device(JsonNode header) {
    // A machine that does not tell its board has null there.
    String name = header.path(header.path("board").isTextual() ? "board" : "cpu").asText();
    return (name.isEmpty() ? "unknown" : name)
        + (header.path("emulated").asBoolean() ? " (emulated)" : "");
  }

  private static String text(JsonNode result, String field) {
    JsonNode value = result.path(field);
    if (!value.isTextual() && !value.isNumber()) {
      throw new IllegalArgumentException("a result has no '" + field + "'");
    }
    return value.asText();
  }

  private static @Nullable Double number(JsonNode result, String field) {
    JsonNode value = result.path(field);
    return value.isNumber() ? value.asDouble() : null;
  }

  private static @Nullable Long bytes(JsonNode result, String field) {
    JsonNode value = result.path(field);
    return value.isNumber() ? value.asLong() : null;
  }

  /** Returns results as a table. */
  static ResultTable table(List<DeviceResult> results) {
    List<Column> columns =
        Stream.concat(
                Stream.of("device", "kernels", "model").map(Column::text),
                Stream.of(
                        "bits",
                        "threads",
                        "beam",
                        "decoder tokens/s",
                        "encoder ms",
                        "first token ms",
                        "latency p50 ms",
                        "p95 ms",
                        "process peak",
                        "file")
                    .map(Column::number))
            .toList();
    return new ResultTable(
        "Beside other runs; medians, MB of 10^6 bytes",
        columns,
        results.stream().map(DeviceResult::cells).toList());
  }

  private List<String> cells() {
    return List.of(
        device,
        kernels,
        model,
        bits,
        threads,
        beam,
        Figures.number(decoderTokensPerSecond),
        Figures.number(encoderMilliseconds),
        Figures.number(firstTokenMilliseconds),
        Figures.number(latencyP50Milliseconds),
        Figures.number(latencyP95Milliseconds),
        Figures.megabytes(peakBytes),
        Figures.megabytes(fileBytes));
  }

  /** Returns in words what was run. */
  String combination() {
    return model + ", " + bits + (bits.equals("int8") ? "" : " bits") + ", beam " + beam;
  }

  /** Returns in words where and how it was run. */
  String place() {
    return device + ", " + kernels + (threads.equals("1") ? "" : ", " + threads + " threads");
  }
}
