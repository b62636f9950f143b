package dev.bcq.cli;

import dev.bcq.console.Usage;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What computes a model, and how. */
final class KernelOptions {

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

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
      description = "auto, c-ffm, c-jni, vector or scalar (default: auto).")
  private String kernels = KernelRegistry.AUTO;

  Arithmetic arithmetic() {
    return arithmetic;
  }

  /**
   * Returns the options.
   *
   * @throws ParameterException if there are no such kernels
   */
  TranslatorOptions options() {
    if (!kernels.equals(KernelRegistry.AUTO)) {
      List<String> ids = KernelRegistry.load().ids();
      Usage.require(
          command,
          ids.contains(kernels),
          "--kernels is '%s'; expected auto or one of: %s"
              .formatted(kernels, String.join(", ", ids)));
    }
    return new TranslatorOptions(kernels, arithmetic);
  }
}
