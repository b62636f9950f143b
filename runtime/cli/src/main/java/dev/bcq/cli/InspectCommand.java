package dev.bcq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bcq.console.CommandException;
import dev.bcq.console.CommandRunner;
import dev.bcq.console.Version;
import dev.bcq.format.BcqFile;
import dev.bcq.runtime.GoldenSamples;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bcq-inspect}. */
@Command(
    name = "bcq-inspect",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what is in a model file.",
    footer = {
      "",
      "Examples:",
      "  bcq-inspect en-de.bcq",
      "  bcq-inspect en-de.bcq --tensors",
      "  bcq-inspect en-de.bcq --verify"
    })
public final class InspectCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "Model file.")
  private @Nullable Path file;

  @Option(names = "--tensors", description = "List all matrices and tensors.")
  private boolean tensors;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--verify",
      description = "Check every checksum and translate the golden samples.")
  private boolean verify;

  /** Runs the command. */
  public static void main(String[] args) {
    CommandRunner.main(new InspectCommand(), args);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    BcqFile model = BcqFile.open(Objects.requireNonNull(file));
    int samples = verify ? verify(model) : -1;
    System.out.print(
        json
            ? ModelJson.of(model, tensors, samples)
            : new ModelSummary(model, samples).text(tensors));
    return CommandLine.ExitCode.OK;
  }

  private static int verify(BcqFile model) {
    model.verifyChecksums();
    List<GoldenSamples.Result> results = GoldenSamples.check(model);
    for (GoldenSamples.Result result : results) {
      if (!result.same()) {
        throw new CommandException(
            "the checksums match, but a golden sample does not: source %s gave %s with score %s; expected %s with score %s"
                .formatted(
                    result.expected().sourceIds(),
                    result.found().ids(),
                    result.found().score(),
                    result.expected().targetIds(),
                    result.expected().score()));
      }
    }
    return results.size();
  }
}
