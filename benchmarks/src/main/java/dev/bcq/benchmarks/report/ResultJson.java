package dev.bcq.benchmarks.report;

import dev.bcq.benchmarks.measure.Combination;
import dev.bcq.benchmarks.measure.ProcessMemory;
import dev.bcq.benchmarks.measure.Result;
import dev.bcq.benchmarks.measure.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result as an entry of {@code results}; what was not measured is null. */
final class ResultJson {

  private ResultJson() {}

  static Map<String, @Nullable Object> of(Result result) {
    Combination combination = result.combination();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("model", combination.model().name());
    json.put("bits", bits(combination.model().bits()));
    json.put("kernels", combination.kernels());
    json.put("isa", combination.isa());
    json.put("arithmetic", combination.arithmetic().toString());
    json.put("threads", combination.threads());
    json.put("beam", combination.beam());
    put(json, "decoderTokensPerSecond", result.decoderTokensPerSecond());
    put(json, "encoderTokensPerSecond", result.encoderTokensPerSecond());
    put(json, "encoderMilliseconds", result.encoderMilliseconds());
    put(json, "firstTokenMilliseconds", result.firstTokenMilliseconds());
    json.put("positions", result.positions());
    json.put("latencyP50Milliseconds", result.latencyMilliseconds().median());
    json.put("latencyP95Milliseconds", result.latencyMilliseconds().quantile(0.95));
    json.put("matrixShare", result.matrixShare());
    put(json, "openblasProductsMilliseconds", result.openBlasMilliseconds());
    put(
        json,
        "int8ProductsMilliseconds",
        combination.model().isInt8() ? result.productsMilliseconds() : null);
    put(json, "coldStartMilliseconds", result.coldStartMilliseconds());
    ProcessMemory memory = result.memory();
    json.put("peakRssBytes", memory == null ? null : memory.peak());
    json.put("heapBytes", memory == null ? null : memory.heap());
    json.put("mappedBytes", memory == null ? null : memory.mapped());
    json.put("otherBytes", memory == null ? null : memory.rest());
    json.put("workingBytes", result.workingBytes());
    json.put("fileBytes", result.fileBytes());
    put(json, "joulesPerSentence", result.joulesPerSentence());
    json.put("bleu", result.bleu());
    return json;
  }

  private static Object bits(String label) {
    if (label.equals("int8")) {
      return label;
    }
    return label.contains(".") ? (Object) Double.valueOf(label) : Integer.valueOf(label);
  }

  private static void put(
      Map<String, @Nullable Object> json, String name, @Nullable Spread spread) {
    json.put(name, spread == null ? null : spread.median());
    json.put(name + "Quartiles", spread == null ? null : List.of(spread.lower(), spread.upper()));
  }
}
