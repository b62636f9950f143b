package dev.bcq.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.bcq.benchmarks.measure.Result;
import dev.bcq.console.CommandException;
import dev.bcq.pages.PageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run has found.
 *
 * @param claims what a preset compares with
 * @param others results of other runs, to be shown beside these
 */
public record Report(
    Header header, List<Result> results, List<Claim> claims, List<DeviceResult> others) {

  /** Returns header, tables and claims for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    header.rows().forEach((name, value) -> text.append("%-14s%s\n".formatted(name, value)));
    header.warnings().forEach(warning -> text.append(warning).append('\n'));
    for (ResultTable table : tables()) {
      text.append('\n').append(table.title()).append("\n\n").append(table.text());
    }
    if (!claims.isEmpty()) {
      text.append('\n');
      Claim.sentences(claims).forEach(sentence -> text.append(sentence).append('\n'));
    }
    return text.toString();
  }

  /** Returns all tables that there is something to say in. */
  List<ResultTable> tables() {
    List<ResultTable> tables = new ArrayList<>(ResultTable.all(results));
    if (!others.isEmpty()) {
      tables.add(DeviceResult.table(allDevices()));
    }
    return tables;
  }

  /** Returns the results of this run, and the others. */
  List<DeviceResult> allDevices() {
    List<DeviceResult> all =
        new ArrayList<>(DeviceResult.of(new ObjectMapper().valueToTree(json())));
    all.addAll(others);
    return all;
  }

  private Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("header", header.json());
    json.put("results", results.stream().map(ResultJson::of).toList());
    json.put("claims", claims);
    return json;
  }

  /** Writes the results as JSON. */
  public void writeJson(Path file) {
    try {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(file.toFile(), json());
    } catch (IOException e) {
      throw new CommandException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Writes a page with tables and plots that needs nothing but itself. */
  public void writePage(PageFile file) {
    file.write(ReportPage.of(this));
  }
}
