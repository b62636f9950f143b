package dev.bcq.benchmarks;

import static dev.bcq.benchmarks.Commands.bench;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.benchmarks.Commands.Outcome;
import dev.bcq.benchmarks.synthetic.Precision;
import dev.bcq.benchmarks.synthetic.SmallShapes;
import dev.bcq.benchmarks.synthetic.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private static final List<String> FIELDS =
      List.of(
          "model",
          "bits",
          "kernels",
          "isa",
          "arithmetic",
          "threads",
          "beam",
          "decoderTokensPerSecond",
          "decoderTokensPerSecondQuartiles",
          "encoderTokensPerSecond",
          "encoderMilliseconds",
          "firstTokenMilliseconds",
          "positions",
          "latencyP50Milliseconds",
          "latencyP95Milliseconds",
          "matrixShare",
          "openblasProductsMilliseconds",
          "int8ProductsMilliseconds",
          "coldStartMilliseconds",
          "peakRssBytes",
          "heapBytes",
          "mappedBytes",
          "otherBytes",
          "workingBytes",
          "fileBytes",
          "joulesPerSentence",
          "bleu");

  @TempDir static Path folder;

  @BeforeAll
  static void writeModels() {
    for (String bits : List.of("32", "int8", "3", "2.6")) {
      SyntheticModel.write(model(bits), SmallShapes.t5(), Precision.parse(bits), 1);
    }
  }

  private static Path model(String bits) {
    return folder.resolve("small-" + bits + ".bcq");
  }

  /** Runs in as little time as can be, on scalar kernels, which need no warming up. */
  private static Outcome quick(Object... args) {
    List<String> all =
        new ArrayList<>(List.of("--warm-up", "0", "--rounds", "2", "--processes", "0"));
    Arrays.stream(args).map(String::valueOf).forEach(all::add);
    return bench(all.toArray(String[]::new));
  }

  private static Outcome small(Object... args) {
    return quick(
        Stream.concat(
                Stream.of("--kernels", "scalar", "--source-tokens", "5", "--target-tokens", "6"),
                Arrays.stream(args))
            .toArray());
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void theDefaultModelIsMeasuredWithTwoBeams() {
    System.setProperty("bcq.model", System.getProperty("bcq.default.model"));
    try {
      Outcome outcome = quick("--target-tokens", "3").succeeds();
      assertTrue(outcome.out().contains("64 source tokens, 3 target tokens"), outcome.out());
      outcome.row("en-de", "2.7", "1");
      outcome.row("en-de", "2.7", "4");
    } finally {
      System.clearProperty("bcq.model");
    }
  }

  @Test
  void eachCombinationHasAnEntryWithAllFields() throws IOException {
    Path file = folder.resolve("all.json");
    small(
            "--model",
            model("3"),
            "--model",
            model("int8"),
            "--kernels",
            "scalar,auto",
            "--arithmetic",
            "fast,exact",
            "--threads",
            "1,2",
            "--beam",
            "1,3",
            "--json",
            file)
        .succeeds();
    JsonNode results = json(file).get("results");
    Set<String> keys = new TreeSet<>();
    for (JsonNode result : results) {
      FIELDS.forEach(field -> assertTrue(result.has(field), field + " is missing"));
      keys.add(
          String.join(
              " ",
              Stream.of("model", "bits", "kernels", "arithmetic", "threads", "beam")
                  .map(field -> result.get(field).asText())
                  .toList()));
      assertEquals(6, result.get("positions").asInt());
      assertTrue(result.get("decoderTokensPerSecond").asDouble() > 0);
      assertTrue(
          result.get("latencyP50Milliseconds").asDouble()
              <= result.get("latencyP95Milliseconds").asDouble());
      assertEquals(2, result.get("decoderTokensPerSecondQuartiles").size());
      assertTrue(result.get("workingBytes").asLong() > result.get("fileBytes").asLong());
    }
    assertTrue(keys.contains("small-3 3 scalar exact 2 3"), keys.toString());
    assertTrue(keys.contains("small-int8 int8 scalar fast 1 1"), keys.toString());
    assertEquals(keys.size(), results.size());
    // "auto" may mean the scalar kernels, too.
    assertTrue(keys.size() == 32 || keys.size() == 16, keys.toString());
  }

  @Test
  void whatIsNotMeasuredIsNullAndADash() throws IOException {
    Path file = folder.resolve("absent.json");
    Outcome outcome = small("--model", model("3"), "--beam", "1", "--json", file).succeeds();
    JsonNode result = json(file).get("results").get(0);
    for (String field :
        List.of(
            "coldStartMilliseconds",
            "peakRssBytes",
            "heapBytes",
            "mappedBytes",
            "otherBytes",
            "int8ProductsMilliseconds",
            "openblasProductsMilliseconds",
            "bleu")) {
      assertTrue(result.get(field).isNull(), field);
    }
    assertTrue(outcome.out().contains("memory of processes: --processes 0"), outcome.out());
    assertTrue(outcome.out().lines().anyMatch(line -> line.matches("small-3.* -( +-){4}")));
  }

  @Test
  void theHeaderSaysWhereAndHow() throws IOException {
    Path file = folder.resolve("header.json");
    small("--model", model("3"), "--json", file).succeeds();
    JsonNode header = json(file).get("header");
    for (String field :
        List.of("version", "date", "command", "cpu", "cores", "jvm", "os", "kernels", "work")) {
      assertFalse(header.get(field).isNull(), field);
    }
    for (String field :
        List.of("governor", "loadAverage", "commit", "coreNumbers", "emulated", "board")) {
      assertTrue(header.has(field), field);
    }
    assertTrue(header.get("command").asText().contains("--target-tokens 6"));
  }

  @Test
  void referencesStandBesideFloat32AndInt8() throws IOException {
    assumeTrue(Reference.AUTO.available(), "there is no OpenBLAS for this system");
    Path file = folder.resolve("references.json");
    small(
            "--model",
            model("32"),
            "--model",
            model("int8"),
            "--beam",
            "2",
            "--reference",
            "openblas",
            "--json",
            file)
        .succeeds();
    JsonNode results = json(file).get("results");
    assertTrue(results.get(0).get("openblasProductsMilliseconds").asDouble() > 0);
    assertTrue(results.get(0).get("int8ProductsMilliseconds").isNull());
    assertTrue(results.get(1).get("int8ProductsMilliseconds").asDouble() > 0);
    assertTrue(results.get(1).get("openblasProductsMilliseconds").isNull());
    small("--model", model("32"), "--beam", "1", "--reference", "none", "--json", file).succeeds();
    assertTrue(json(file).get("results").get(0).get("openblasProductsMilliseconds").isNull());
  }

  @Test
  void modelsOfTheSameShapeAreComparedWithFloat32() {
    Outcome outcome =
        small("--model", model("32"), "--model", model("3"), "--beam", "1").succeeds();
    assertTrue(outcome.out().contains("Against float32 of the same run"), outcome.out());
    assertFalse(
        small("--model", model("3")).succeeds().out().contains("Against float32"), outcome.out());
  }

  @Test
  void thePageHasPlotsAndFetchesNothing() throws IOException {
    Path file = folder.resolve("report.html");
    small("--model", model("32"), "--model", model("2.6"), "--report", file).succeeds();
    String page = Files.readString(file);
    assertFalse(page.contains("http"), "the page names something to fetch");
    assertFalse(page.contains("<script") || page.contains("<link") || page.contains("@import"));
    assertEquals(5, page.split("<svg ", -1).length - 1);
    assertFalse(
        page.contains("{charts}") || page.contains("{tables}") || page.contains("{header}"));
    assertTrue(page.contains("small-2.6") && page.contains("prefers-color-scheme: dark"));
    Set<String> ids = new TreeSet<>();
    Pattern.compile(" id=\"([^\"]+)\"")
        .matcher(page)
        .results()
        .forEach(id -> assertTrue(ids.add(id.group(1)), id.group(1) + " stands there twice"));
  }

  @Test
  void linesOfAFileRunToTheirOwnEnd() throws IOException {
    Path input = Files.writeString(folder.resolve("news.en"), "Good morning.\n\nThank you.\n");
    Path file = folder.resolve("input.json");
    String standard = System.getProperty("bcq.default.model");
    bench(
            "--model",
            standard,
            "--input",
            input.toString(),
            "--warm-up",
            "0",
            "--processes",
            "0",
            "--beam",
            "2",
            "--json",
            file.toString())
        .succeeds();
    assertTrue(json(file).get("header").get("work").asText().startsWith("2 lines, 2 rounds"));
    double positions = json(file).get("results").get(0).get("positions").asDouble();
    assertTrue(positions >= 2 && positions < 10, "positions: " + positions);
  }

  @Test
  void syntheticModelsAreKeptWhenAsked() throws IOException {
    Path kept = folder.resolve("kept");
    Outcome outcome =
        small("--synthetic", "t5-small", "--bits", "1", "--beam", "1", "--keep", kept).succeeds();
    outcome.row("t5-small", "1");
    try (Stream<Path> files = Files.list(kept)) {
      assertEquals(List.of(kept.resolve("t5-small-1.bcq")), files.toList());
    }
  }

  @Test
  void syntheticModelsGoOtherwise() throws IOException {
    Set<Path> before = temporaryFolders();
    small("--synthetic", "t5-small", "--bits", "1", "--beam", "1").succeeds();
    assertEquals(before, temporaryFolders());
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("bcq-bench-"))
          .collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model a --synthetic t5-small|give only one of --model, --synthetic and --preset",
        "--bits 3|--bits needs --synthetic",
        "--keep x|--keep needs --synthetic or --preset",
        "--synthetic t6|Invalid value for option '--synthetic': 't6'; expected one of: t5-small,"
            + " transformer-base, transformer-big",
        "--synthetic t5-small --bits 3,5.5|Invalid value for option '--bits' (B): '5.5'; expected"
            + " 32, int8, 1 to 8, or 2.6",
        "--preset other|Invalid value for option '--preset': 'other'; expected one of: chung-kim,"
            + " t5-summary",
        "--kernels fast|--kernels is 'fast'; expected auto or some of: ",
        "--arithmetic slow|Invalid value for option '--arithmetic'",
        "--beam 0|--beam is 0; expected 1 or more",
        "--threads 1,0|--threads is 0; expected 1 or more",
        "--rounds 0|--rounds is 0; expected 1 or more",
        "--processes -1|--processes is -1; expected 0 or more",
        "--warm-up -2|--warm-up is -2.0; expected 0 or more",
        "--source-tokens 0|--source-tokens is 0; expected 1 or more",
        "--target-tokens 0|--target-tokens is 0; expected 1 or more",
        "--input a --target-tokens 3|--input brings its own lengths",
        "--input a --synthetic t5-small|synthetic models have no tokenizer",
        "--first 3|--first needs --pairs",
        "--pairs a --first 0|--first is 0; expected 1 or more",
        "--pairs a --synthetic t5-small|synthetic models have no tokenizer",
        "--pairs a --preset chung-kim|synthetic models have no tokenizer",
        "--reference mkl|Invalid value for option '--reference': 'mkl'; expected one of: auto,"
            + " openblas, none",
        "--nonsense|Unknown option: '--nonsense'",
      })
  void wrongUsageIsToldInOneLine(String args, String message) {
    bench(args.split(" ")).fails(2, message);
  }

  @Test
  void aBrokenFileIsTold() throws IOException {
    Path broken = folder.resolve("broken.bcq");
    byte[] bytes = Files.readAllBytes(model("3"));
    Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));
    small("--model", broken).fails(1, broken.getFileName().toString());
    small("--model", folder.resolve("nowhere.bcq")).fails(1, "");
  }

  @Test
  void whatTheModelCannotDoIsTold() {
    quick("--model", model("3"), "--source-tokens", "9000")
        .fails(1, "--source-tokens is 9000; the model takes at most 8192");
    quick("--model", model("3"), "--input", folder.resolve("nowhere.en"))
        .fails(1, folder.resolve("nowhere.en") + " does not exist");
    quick("--model", model("3"), "--pairs", folder.resolve("nowhere.tsv"))
        .fails(1, folder.resolve("nowhere.tsv") + " does not exist");
    quick("--model", model("3"), "--beam", "2000").fails(1, "beam is 2000; allowed: 1 to 1024");
    small("--model", model("3"), "--json", folder.resolve("no/such/folder.json"))
        .fails(1, folder.resolve("no/such/folder.json") + " cannot be written");
  }

  @Test
  void resultsOfOtherDevicesStandBesideThese() throws IOException {
    Path board = folder.resolve("board.json");
    small("--model", model("3"), "--beam", "1", "--json", board).succeeds();
    String phone =
        """
        {"header": {"board": "A phone", "emulated": true}, "results": [{"model": "en-de", "bits": 2.75,
          "kernels": "c-jni", "isa": "neon-dotprod", "threads": 1, "beam": 1,
          "decoderTokensPerSecond": 1234.5, "encoderMilliseconds": null,
          "latencyP50Milliseconds": 60.25, "fileBytes": 4000000}]}
        """;
    Path other = Files.writeString(folder.resolve("phone.json"), phone);
    Path page = folder.resolve("devices.html");
    Outcome outcome =
        small(
                "--model",
                model("int8"),
                "--beam",
                "1",
                "--results",
                board,
                "--results",
                other,
                "--report",
                page)
            .succeeds();
    outcome.row(".*scalar plain Java", "small-3", "3");
    outcome.row(
        "A phone \\(emulated\\)",
        "c-jni neon-dotprod",
        "en-de",
        "2.75",
        "1",
        "1",
        "1,235",
        "-",
        "-",
        "60.3");
    assertTrue(Files.readString(page).contains("Decoder, beside other runs"));
  }

  @Test
  void whatIsNoResultOfOtherDevicesIsRefused() throws IOException {
    Path file = folder.resolve("other.json");
    small("--results", file).fails(1, file + " does not exist");
    for (String text : List.of("no JSON", "[]", "{\"results\": []}", "{\"results\": [{}]}")) {
      Files.writeString(file, text);
      small("--results", file).fails(1, file + " has no results: ");
    }
  }
}
