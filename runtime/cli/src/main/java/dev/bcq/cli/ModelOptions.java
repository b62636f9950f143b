package dev.bcq.cli;

import dev.bcq.console.CommandException;
import dev.bcq.console.Usage;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which model is run, and how. */
final class ModelOptions {
  /** System property in which the launcher names the model that comes with the program. */
  static final String DEFAULT_MODEL = "bcq.model";

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Model to use (default: the English-German one that comes with the program).")
  private @Nullable Path model;

  @Option(
      names = "--arithmetic",
      paramLabel = "fast|exact|popcount",
      description =
          "fast: activations in tables of 8 bits; exact: in float32; popcount: in 8 bits, by"
              + " counting bits (default: fast).")
  private Arithmetic arithmetic = Arithmetic.FAST;

  @Option(
      names = "--kernels",
      paramLabel = "ID",
      description = "auto, c-ffm, vector or scalar (default: auto).")
  private String kernels = KernelRegistry.AUTO;

  Path file() {
    if (model != null) {
      return model;
    }
    String standard = System.getProperty(DEFAULT_MODEL);
    if (standard == null) {
      throw new CommandException("no model: name one with --model FILE");
    }
    return Path.of(standard);
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  Translator open() {
    if (!kernels.equals(KernelRegistry.AUTO)) {
      requireKnown(KernelRegistry.load().ids());
    }
    return Translator.open(file(), new TranslatorOptions(kernels, arithmetic));
  }

  private void requireKnown(List<String> ids) {
    Usage.require(
        command,
        ids.contains(kernels),
        "--kernels is '%s'; expected auto or one of: %s"
            .formatted(kernels, String.join(", ", ids)));
  }
}
