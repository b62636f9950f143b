package dev.bcq.demo;

import android.os.Build;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A run in the form of {@code bcq-bench --json}: its header and its {@code results}, with null for
 * what is not measured here.
 */
final class BenchmarkJson {
  private static final List<String> NOT_MEASURED =
      List.of(
          "encoder apart from the first token",
          "matrix products apart from the rest",
          "cold start",
          "energy",
          "BLEU");

  /** What emulators name as their hardware. */
  private static final Set<String> EMULATORS = Set.of("goldfish", "ranchu", "cutf_cvm");

  private BenchmarkJson() {}

  static String of(Benchmark.Run run, Instant date) {
    try {
      JSONArray results = new JSONArray();
      for (Benchmark.Result result : run.results()) {
        results.put(result(run, result));
      }
      return new JSONObject().put("header", header(run, date)).put("results", results).toString(2);
    } catch (JSONException e) {
      throw new IllegalStateException("a figure that JSON cannot express", e);
    }
  }

  private static JSONObject header(Benchmark.Run run, Instant date) throws JSONException {
    String id = run.facts().model().translator().kernels();
    return new JSONObject()
        .put("date", date.toString())
        .put("command", "dev.bcq.demo")
        .put("board", Build.MANUFACTURER + " " + Build.MODEL)
        .put("emulated", EMULATORS.contains(Build.HARDWARE))
        .put("cpu", Build.HARDWARE + ", " + run.facts().processor())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put(
            "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
        .put("os", "Android " + Build.VERSION.RELEASE + " (API " + Build.VERSION.SDK_INT + ")")
        .put("kernels", new JSONObject().put(id, run.facts().instructions()))
        .put(
            "work", run.sentences() + " samples of the model file, " + Benchmark.ROUNDS + " rounds")
        .put("notMeasured", new JSONArray(NOT_MEASURED));
  }

  private static JSONObject result(Benchmark.Run run, Benchmark.Result result)
      throws JSONException {
    LoadedModel model = run.facts().model();
    JSONObject json = new JSONObject();
    json.put("model", model.name());
    json.put("bits", run.facts().bitsWithoutScales());
    json.put("kernels", model.translator().kernels());
    json.put("isa", run.facts().instructions());
    json.put("arithmetic", "fast");
    json.put("threads", 1);
    json.put("beam", result.beams());
    putSpread(json, "decoderTokensPerSecond", result.tokensPerSecond());
    putSpread(json, "encoderTokensPerSecond", null);
    putSpread(json, "encoderMilliseconds", null);
    putSpread(json, "firstTokenMilliseconds", result.firstToken());
    json.put("positions", number(result.positions().median()));
    json.put("latencyP50Milliseconds", number(result.latency().median()));
    json.put("latencyP95Milliseconds", number(result.latency().at(0.95)));
    json.put("matrixShare", JSONObject.NULL);
    putSpread(json, "openblasProductsMilliseconds", null);
    putSpread(json, "int8ProductsMilliseconds", null);
    putSpread(json, "coldStartMilliseconds", null);
    json.put("peakRssBytes", run.peakBytes() == null ? JSONObject.NULL : run.peakBytes());
    json.put("heapBytes", run.heapBytes());
    json.put("mappedBytes", JSONObject.NULL);
    json.put("otherBytes", JSONObject.NULL);
    json.put("workingBytes", JSONObject.NULL);
    json.put("fileBytes", model.file().length());
    putSpread(json, "joulesPerSentence", null);
    json.put("bleu", JSONObject.NULL);
    return json;
  }

  private static void putSpread(JSONObject json, String name, @Nullable Quantiles values)
      throws JSONException {
    if (values == null || Double.isNaN(values.median())) {
      json.put(name, JSONObject.NULL).put(name + "Quartiles", JSONObject.NULL);
      return;
    }
    json.put(name, values.median());
    json.put(name + "Quartiles", new JSONArray(List.of(values.at(0.25), values.at(0.75))));
  }

  private static Object number(double value) {
    return Double.isNaN(value) ? JSONObject.NULL : (Object) value;
  }
}
