package dev.bcq.benchmarks;

import dev.bcq.benchmarks.measure.Bench;
import dev.bcq.benchmarks.measure.BenchModel;
import dev.bcq.benchmarks.measure.Combination;
import dev.bcq.benchmarks.measure.Conditions;
import dev.bcq.benchmarks.measure.Machine;
import dev.bcq.benchmarks.measure.Plan;
import dev.bcq.benchmarks.measure.Result;
import dev.bcq.benchmarks.measure.Workload;
import dev.bcq.benchmarks.report.DeviceResult;
import dev.bcq.benchmarks.report.Header;
import dev.bcq.benchmarks.report.Ratios;
import dev.bcq.benchmarks.report.Report;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Usage;
import dev.bcq.console.Version;
import dev.bcq.evaluation.SentencePairs;
import dev.bcq.pages.PageFile;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bcq-bench}. */
@Command(
    name = "bcq-bench",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures models side by side: speed, latency, start, memory, size, quality. All"
            + " combinations of the options run in turn, round by round.",
    footer = {
      "",
      "Examples:",
      "  bcq-bench",
      "  bcq-bench --model a.bcq --model b.bcq --kernels c-ffm,vector --beam 1,4 --report ab.html",
      "  bcq-bench --model base32.bcq --model base3.bcq --pairs test.tsv.gz --first 500",
      "  bcq-bench --synthetic t5-small --bits 32,int8,4,3,2 --json t5.json",
      "  bcq-bench --preset chung-kim",
      "  bcq-bench --results board.json --results phone.json --report all.html",
      "",
      "What is measured, and how: docs/benchmarking.md"
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int DEFAULT_TOKENS = 64;
  private static final int DEFAULT_ROUNDS = 20;

  /** System property in which the launcher names the folder of the commands. */
  private static final String COMMANDS = "bcq.bin";

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelChoice models = new ModelChoice();

  @Option(
      names = "--kernels",
      paramLabel = "ID",
      split = ",",
      description = "auto, c-ffm, c-jni, vector, scalar (default: auto, the best).")
  private List<String> kernels = List.of(KernelRegistry.AUTO);

  @Option(
      names = "--arithmetic",
      paramLabel = "fast|exact|popcount",
      split = ",",
      description =
          "fast: activations in tables of 8 bits; exact: in float32; popcount: in 8 bits, by"
              + " counting bits (default: fast).")
  private List<Arithmetic> arithmetics = List.of(Arithmetic.FAST);

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Threads that compute a sentence together (default: 1).")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--beam",
      paramLabel = "N",
      split = ",",
      description = "Beam sizes; 1 is greedy search (default: 1,4).")
  private @Nullable List<Integer> beams;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Translate the lines of FILE, each to its own end, in place of made-up tokens.")
  private @Nullable Path input;

  @Option(
      names = "--source-tokens",
      paramLabel = "N",
      description = "Tokens of the source (default: 64).")
  private @Nullable Integer sourceTokens;

  @Option(
      names = "--target-tokens",
      paramLabel = "N",
      description = "Tokens that are generated, neither more nor fewer (default: 64).")
  private @Nullable Integer targetTokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Translations of each combination (default: 20, or the lines of --input).")
  private @Nullable Integer rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "How long each combination runs before it is measured (default: 2).")
  private double warmUp = 2;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Fresh processes of each combination, for cold start and memory; 0: none (default: 5).")
  private int processes = 5;

  @Option(
      names = "--reference",
      paramLabel = "auto|openblas|none",
      description =
          "Who else computes the matrix products of float32 models"
              + " (default: auto, openblas where there is one).")
  private Reference reference = Reference.AUTO;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description =
          "Also translate the sources of lines SOURCE<TAB>REFERENCE, for BLEU; the first of each"
              + " source counts. May be .gz.")
  private @Nullable Path pairsFile;

  @Option(names = "--first", paramLabel = "N", description = "Only the first N of --pairs.")
  private @Nullable Integer first;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Show what --json wrote elsewhere beside these results, of a board or a phone for"
              + " instance; may be given several times.")
  private List<Path> others = new ArrayList<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(names = "--report", paramLabel = "FILE", description = "Write a page with plots.")
  private @Nullable Path page;

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new BenchCommand(), args);
  }

  @Override
  public Integer call() {
    checkUsage();
    PageFile report = page == null ? null : new PageFile(page, true);
    if (report != null) {
      report.check();
    }
    Workload workload = workload();
    Plan plan = plan(workload);
    Map<String, KernelProvider> providers = providers();
    List<DeviceResult> elsewhere =
        others.stream().flatMap(file -> DeviceResult.read(file).stream()).toList();
    try (OpenModels open = models.open()) {
      String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      Conditions before = Conditions.now();
      List<Result> results = Bench.run(combinations(open.models(), providers), workload, plan);
      Header header = header(workload, plan, providers, date, before);
      Preset preset = models.preset();
      Report found =
          new Report(
              header,
              results,
              preset == null ? List.of() : preset.claims(Ratios.of(results)),
              elsewhere);
      System.out.print(found.text());
      if (json != null) {
        found.writeJson(json);
      }
      if (report != null) {
        found.writePage(report);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void checkUsage() {
    models.checkUsage();
    Usage.require(
        spec,
        input == null || (sourceTokens == null && targetTokens == null),
        "--input brings its own lengths; leave --source-tokens and --target-tokens out");
    Usage.require(
        spec,
        input == null || !models.synthetic(),
        "synthetic models have no tokenizer; give --source-tokens and --target-tokens in place of"
            + " --input");
    Usage.require(
        spec,
        pairsFile == null || !models.synthetic(),
        "synthetic models have no tokenizer; leave --pairs out");
    Usage.require(spec, first == null || pairsFile != null, "--first needs --pairs");
    Usage.range(spec, "--first", first, 1, Integer.MAX_VALUE);
    Usage.range(spec, "--source-tokens", sourceTokens, 1, Integer.MAX_VALUE);
    Usage.range(spec, "--target-tokens", targetTokens, 1, Integer.MAX_VALUE);
    Usage.range(spec, "--rounds", rounds, 1, Integer.MAX_VALUE);
    Usage.range(spec, "--processes", processes, 0, Integer.MAX_VALUE);
    Usage.require(spec, warmUp >= 0, "--warm-up is " + warmUp + "; expected 0 or more");
    threads.forEach(number -> Usage.range(spec, "--threads", number, 1, Integer.MAX_VALUE));
    if (beams != null) {
      beams.forEach(number -> Usage.range(spec, "--beam", number, 1, Integer.MAX_VALUE));
    }
  }

  private Workload workload() {
    if (input != null) {
      return new Workload(InputLines.of(input), 0, null, null);
    }
    Preset preset = models.preset();
    Workload usual =
        preset == null
            ? new Workload(List.of(), DEFAULT_TOKENS, DEFAULT_TOKENS, null)
            : preset.workload();
    return new Workload(
        List.of(),
        Objects.requireNonNullElse(sourceTokens, usual.sourceTokens()),
        targetTokens == null ? usual.targetTokens() : targetTokens,
        usual.noRepeatNgram());
  }

  private Plan plan(Workload workload) {
    Path folder = commands();
    int usual = workload.lines().isEmpty() ? DEFAULT_ROUNDS : workload.lines().size();
    return new Plan(
        Objects.requireNonNullElse(rounds, usual),
        warmUp,
        processes,
        folder == null ? null : folder.resolve(launcher()),
        reference.available(),
        pairsFile == null
            ? null
            : SentencePairs.read(pairsFile)
                .first(Objects.requireNonNullElse(first, Integer.MAX_VALUE)));
  }

  private static @Nullable Path commands() {
    String folder = System.getProperty(COMMANDS);
    return folder == null ? null : Path.of(folder);
  }

  private static String launcher() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return windows ? "bcq-translate.cmd" : "bcq-translate";
  }

  /** Returns the providers by their ids, as asked. */
  private Map<String, KernelProvider> providers() {
    KernelRegistry registry = KernelRegistry.load();
    Map<String, KernelProvider> chosen = new LinkedHashMap<>();
    for (String id : kernels) {
      Usage.require(
          spec,
          id.equals(KernelRegistry.AUTO) || registry.ids().contains(id),
          "--kernels is '%s'; expected auto or some of: %s"
              .formatted(id, String.join(", ", registry.ids())));
      KernelProvider provider = registry.choose(id);
      chosen.put(provider.id(), provider);
    }
    return chosen;
  }

  private List<Combination> combinations(
      List<BenchModel> open, Map<String, KernelProvider> providers) {
    Preset preset = models.preset();
    List<Integer> usual = preset == null ? List.of(1, 4) : preset.beams();
    List<Combination> combinations = new ArrayList<>();
    for (BenchModel model : open) {
      for (KernelProvider provider : providers.values()) {
        for (Arithmetic arithmetic : arithmetics) {
          for (int thread : threads) {
            for (int beam : beams == null ? usual : beams) {
              combinations.add(
                  new Combination(
                      model, provider.id(), provider.probe().detail(), arithmetic, thread, beam));
            }
          }
        }
      }
    }
    return combinations.stream().distinct().toList();
  }

  private Header header(
      Workload workload,
      Plan plan,
      Map<String, KernelProvider> providers,
      String date,
      Conditions before) {
    Map<String, String> details = new LinkedHashMap<>();
    providers.forEach((id, provider) -> details.put(id, provider.probe().detail()));
    List<String> absences = new ArrayList<>(Bench.absences());
    if (plan.launcher() == null || plan.processes() == 0) {
      absences.add(
          "cold start and memory of processes: "
              + (plan.processes() == 0 ? "--processes 0" : "not started through bin/bcq-bench"));
    }
    Path folder = commands();
    return new Header(
        Version.NUMBER,
        folder == null ? null : Commit.of(folder),
        date,
        Usage.typed(spec),
        Machine.describe(),
        before,
        Conditions.now(),
        details,
        work(workload, plan),
        plan.pairs() == null ? null : plan.pairs().size(),
        plan.openBlas() ? OpenBlas.description() : null,
        absences);
  }

  private static String work(Workload workload, Plan plan) {
    List<String> words = new ArrayList<>();
    if (workload.lines().isEmpty()) {
      words.add(counted(workload.sourceTokens(), "source token", "source tokens"));
      words.add(
          counted(
              Objects.requireNonNull(workload.targetTokens()), "target token", "target tokens"));
    } else {
      words.add(counted(workload.lines().size(), "line", "lines"));
    }
    if (workload.noRepeatNgram() != null) {
      words.add("no " + workload.noRepeatNgram() + "-gram twice");
    }
    words.add(counted(plan.rounds(), "round", "rounds"));
    words.add(counted(plan.processes(), "process", "processes"));
    return String.join(", ", words);
  }

  private static String counted(int number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }
}
