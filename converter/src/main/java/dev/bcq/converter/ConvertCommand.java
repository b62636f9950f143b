package dev.bcq.converter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.OutputFile;
import dev.bcq.console.Usage;
import dev.bcq.console.Version;
import dev.bcq.converter.allocate.Goal;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.allocate.PlanFile;
import dev.bcq.converter.calibrate.CalibrationText;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.converter.report.DequantizationReport;
import dev.bcq.converter.report.ReportPage;
import dev.bcq.format.GenerationSettings;
import dev.bcq.pages.PageFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bcq-convert}. */
@Command(
    name = "bcq-convert",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = {
      "bcq-convert [OPTIONS] INPUT OUTPUT.bcq",
      "       bcq-convert [--json] --dequantize FILE.bcq --output DIR",
      "       bcq-convert --list-formats"
    },
    description = "Packs a trained checkpoint into one .bcq file.",
    footer = {
      "",
      "Examples:",
      "  bcq-convert opus-mt-en-de en-de.bcq",
      "  bcq-convert t5-small t5.bcq --bits 4 --group 64 --offset",
      "  bcq-convert en-de en-de.bcq --bits 'embedding=6,decoder.*.feed_forward.*=2,*=3'",
      "  bcq-convert opus-mt-en-de en-de.bcq --bits 3 --calibrate pairs.en-de.tsv.gz",
      "  bcq-convert opus-mt-en-de en-de.bcq --target-size 30MB --calibrate pairs.en-de.tsv.gz",
      "  bcq-convert wmt/checkpoint_best.pt en-de.bcq --source-vocabulary wmt/dict.en.txt",
      "  bcq-convert --dequantize en-de.bcq --output en-de",
      "",
      "INPUT is a folder as save_pretrained of Hugging Face transformers writes it: T5, mT5, UMT5,",
      "Marian, BART, mBART, M2M100 (NLLB) or Pegasus, with safetensors or pytorch_model.bin; or what",
      "fairseq, CTranslate2, Marian, transformer_bcq or Compressed-Transformers save. --list-formats",
      "says how each is recognized. Weights that retraining has made sums of scaled signs are",
      "recognized and taken over without loss. --dequantize writes a folder for transformers; with",
      "its bcq.json, --bits auto gives the same planes and scales again."
    })
public final class ConvertCommand implements Callable<Integer> {

  private static final String DEQUANTIZE = "--dequantize";

  /** What goes with {@value #DEQUANTIZE}. */
  private static final Set<String> OF_DEQUANTIZE = Set.of(DEQUANTIZE, "--output", "--json");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "INPUT",
      description = "Checkpoint, a folder or a file.")
  private @Nullable Path input;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUTPUT.bcq",
      description = "File to write.")
  private @Nullable Path output;

  @Option(names = "--input", paramLabel = "PATH", description = "The same as INPUT.")
  private @Nullable Path inputOption;

  @Option(names = "--output", paramLabel = "FILE", description = "The same as OUTPUT.bcq.")
  private @Nullable Path outputOption;

  @Mixin private final InputArguments inputArguments = new InputArguments();

  @Option(
      names = DEQUANTIZE,
      paramLabel = "FILE.bcq",
      description =
          "The way back: write the weights of a .bcq file as a checkpoint, to --output DIR.")
  private @Nullable Path dequantize;

  @Option(
      names = "--bits",
      defaultValue = "auto",
      paramLabel = "BITS",
      description = {
        "auto: the number found in retrained weights, else 4, and 6 for an embedding tied to "
            + "the output (default);",
        "1 to 8; int8; 32; chung-kim: the division of Chung and Kim 2020;",
        "or rules PATTERN=BITS,.. over the names that the final table shows."
      })
  private String bits = "auto";

  @Option(
      names = "--group",
      defaultValue = "row",
      paramLabel = "row|128|64",
      description = "Columns that share scales (default: row).")
  private String group = "row";

  @Option(
      names = "--offset",
      negatable = true,
      description = "Give each group an offset (default: no; yes with --target-size and the like).")
  private @Nullable Boolean offset;

  @Mixin private final AllocationArguments allocationArguments = new AllocationArguments();

  @Option(
      names = "--method",
      defaultValue = "alternating",
      paramLabel = "greedy|alternating",
      description = "How planes are found (default: alternating).")
  private QuantizationOptions.Method method = QuantizationOptions.Method.ALTERNATING;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = {
        "Sentences, a line each, SOURCE or SOURCE<TAB>TARGET: planes are found that keep the "
            + "outputs which the float model has on them, not just the weights; some hundreds are "
            + "enough.",
        "Without targets, the model's own translations are taken."
      })
  private @Nullable Path calibrate;

  @Option(
      names = "--calibrate-target",
      paramLabel = "FILE",
      description =
          "The target of each line of --calibrate, where they are in a file of their own.")
  private @Nullable Path calibrateTarget;

  @Option(names = "--requantize", description = "Allow fewer planes than retrained weights have.")
  private boolean requantize;

  @Option(names = "--force", description = "Replace an existing output.")
  private boolean force;

  @Option(
      names = "--dry-run",
      description = "Do everything but write OUTPUT.bcq; --report and --save-plan write theirs.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots: where the bits went and what they cost.")
  private @Nullable Path page;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      description = "Name of the model (default: that of INPUT).")
  private @Nullable String name;

  @Option(
      names = "--languages",
      paramLabel = "SOURCE:TARGET",
      description = "Languages, for instance en:de; several with commas.")
  private @Nullable String languages;

  @Option(names = "--license", paramLabel = "TEXT", description = "Licence of the weights.")
  private String license = "";

  @Option(
      names = "--attribution",
      paramLabel = "TEXT",
      description = "Attribution that goes with the model.")
  private String attribution = "";

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Text in front of every source, stored as a default.")
  private @Nullable String prefix;

  @Option(names = "--beam", paramLabel = "N", description = "Beam size, stored as a default.")
  private @Nullable Integer beam;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most target tokens, stored as a default.")
  private @Nullable Integer maxTokens;

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new ConvertCommand(), args);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (inputArguments.listsFormats()) {
      System.out.print(InputArguments.formats());
      return CommandLine.ExitCode.OK;
    }
    if (dequantize != null) {
      DequantizationReport report = Dequantization.run(dequantize, checkpointFolder());
      print(report.tree(), report.text());
      return CommandLine.ExitCode.OK;
    }
    ConversionOptions options = options();
    checkOutputs(options.output());
    OutputFile planFile = allocationArguments.savePlan(force);
    if (planFile != null) {
      planFile.check();
    }
    PageFile file = page == null ? null : new PageFile(page, force);
    if (file != null) {
      file.check();
    }
    ConversionReport report = Conversion.run(options);
    if (planFile != null) {
      planFile.write(PlanFile.text(Objects.requireNonNull(report.allocation()).plan()));
    }
    for (String warning : report.warnings()) {
      System.err.println("bcq-convert: warning: " + warning);
    }
    print(report.tree(), report.text());
    if (file != null) {
      file.write(
          ReportPage.of(String.valueOf(options.output().getFileName()), Usage.typed(spec), report));
    }
    return CommandLine.ExitCode.OK;
  }

  /** Refuses to write one file over another. */
  private void checkOutputs(Path model) {
    Path plan = allocationArguments.savedPlan();
    if (isSame(page, model)) {
      throw wrong("--report: " + page + " is the output; expected another file for the page");
    }
    if (isSame(plan, model) || isSame(plan, page)) {
      throw wrong(
          "--save-plan: %s is the %s; expected another file for the plan"
              .formatted(plan, isSame(plan, model) ? "output" : "page"));
    }
  }

  private static boolean isSame(@Nullable Path one, @Nullable Path other) {
    return one != null
        && other != null
        && one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private void print(Map<String, Object> tree, String text) throws JsonProcessingException {
    System.out.print(
        json
            ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n"
            : text);
  }

  private Path checkpointFolder() {
    for (ArgSpec argument :
        Objects.requireNonNull(spec).commandLine().getParseResult().matchedArgs()) {
      String given =
          argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
      if (!OF_DEQUANTIZE.contains(given)) {
        throw wrong(given + " does not go with " + DEQUANTIZE + "; expected --output DIR");
      }
    }
    if (outputOption == null) {
      throw wrong(DEQUANTIZE + " needs --output DIR, the folder to write");
    }
    return outputOption;
  }

  private ConversionOptions options() {
    Path from = either(input, inputOption, "INPUT", "--input");
    Path to = either(output, outputOption, "OUTPUT.bcq", "--output");
    List<String> sides = languages == null ? List.of("", "") : List.of(languages.split(":", -1));
    if (sides.size() != 2 || (languages != null && sides.contains(""))) {
      throw wrong("--languages: '" + languages + "'; expected SOURCE:TARGET, for instance en:de");
    }
    if ((beam != null && beam < 1) || (maxTokens != null && maxTokens < 1)) {
      throw wrong("--beam and --max-tokens: expected 1 or more");
    }
    Goal goal = allocationArguments.goal();
    Plan plan = allocationArguments.plan();
    return new ConversionOptions(
        inputArguments.input(from),
        inputArguments.reader(),
        to,
        force,
        dryRun,
        allocation(),
        goal,
        plan,
        new QuantizationOptions(
            plan == null ? groupSize() : plan.groupSize(),
            plan == null ? offset() : plan.offset(),
            method,
            requantize),
        calibration(),
        name,
        list(sides.get(0)),
        list(sides.get(1)),
        license,
        attribution,
        GenerationSettings.builder().prefix(prefix).beams(beam).maxTokens(maxTokens).build(),
        Runtime.getRuntime().availableProcessors());
  }

  private @Nullable CalibrationText calibration() {
    if (calibrate == null) {
      if (calibrateTarget != null) {
        throw wrong("--calibrate-target needs --calibrate FILE, the sources of its targets");
      }
      return null;
    }
    if (method != QuantizationOptions.Method.ALTERNATING) {
      throw wrong("--method " + method + " does not go with --calibrate, which tries several");
    }
    return CalibrationText.read(calibrate, calibrateTarget);
  }

  private BitAllocation allocation() {
    try {
      return BitAllocation.parse(bits);
    } catch (QuantizationException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private boolean offset() {
    return offset == null ? allocationArguments.wantsOffsets() : offset;
  }

  private int groupSize() {
    return switch (group) {
      case "row" -> 0;
      case "128" -> 128;
      case "64" -> 64;
      default -> throw wrong("--group: '" + group + "'; expected row, 128 or 64");
    };
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }

  private Path either(
      @Nullable Path position, @Nullable Path option, String label, String optionName) {
    if (position != null && option != null) {
      throw wrong("give either " + label + " or " + optionName + ", not both");
    }
    Path found = position != null ? position : option;
    if (found == null) {
      throw wrong("missing " + label);
    }
    return found;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
