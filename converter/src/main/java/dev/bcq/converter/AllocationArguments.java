package dev.bcq.converter;

import dev.bcq.console.OutputFile;
import dev.bcq.converter.allocate.Goal;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.allocate.PlanFile;
import dev.bcq.format.BitPlaneLayout;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that divide bits among matrices. */
final class AllocationArguments {
  private static final String TARGET_SIZE = "--target-size";
  private static final String TARGET_BITS = "--target-bits";
  private static final String MAX_LOSS = "--max-loss";
  private static final String PLAN = "--plan";
  private static final String SAVE_PLAN = "--save-plan";

  /** Of these, one is given at most. */
  private static final List<String> EXCLUSIVE =
      List.of("--bits", TARGET_SIZE, TARGET_BITS, MAX_LOSS, PLAN);

  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(|k|m|g|ki|mi|gi)b?", Pattern.CASE_INSENSITIVE);

  /** More than any file has. */
  private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(1_000_000_000_000_000L);

  private static final Map<String, Long> UNITS =
      Map.of(
          "",
          1L,
          "k",
          1000L,
          "m",
          1_000_000L,
          "g",
          1_000_000_000L,
          "ki",
          1L << 10,
          "mi",
          1L << 20,
          "gi",
          1L << 30);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = TARGET_SIZE,
      paramLabel = "SIZE",
      description =
          "Divide bits so that the file is as good as it can be with SIZE, for instance 3MB, "
              + "and show what neighbouring sizes would cost. Best with --calibrate, which then "
              + "measures each matrix.")
  private @Nullable String targetSize;

  @Option(
      names = TARGET_BITS,
      paramLabel = "BITS",
      description = "The same for bits per weight, scales among them, for instance 2.6.")
  private @Nullable Double targetBits;

  @Option(
      names = MAX_LOSS,
      paramLabel = "LOSS",
      description =
          "The smallest file that loses no more: divergence from the float model on held-out "
              + "sentences of --calibrate, in natural units per token, for instance 0.02.")
  private @Nullable Double maxLoss;

  @Option(
      names = PLAN,
      paramLabel = "FILE",
      description = "Divide bits as a file says that --save-plan wrote; it may have been edited.")
  private @Nullable Path plan;

  @Option(
      names = SAVE_PLAN,
      paramLabel = "FILE",
      description = "Write how bits were divided, with --dry-run too.")
  private @Nullable Path savePlan;

  /** Returns what bits are divided for, or null if nothing is said. */
  @Nullable Goal goal() {
    check();
    if (targetSize != null) {
      return new Goal.FileBytes(bytes(targetSize));
    }
    if (targetBits != null) {
      return new Goal.BitsPerWeight(targetBits);
    }
    return maxLoss == null ? null : new Goal.MostLoss(maxLoss);
  }

  /** Returns the plan that was given, or null. */
  @Nullable Plan plan() {
    return plan == null ? null : PlanFile.read(plan);
  }

  /** Returns the file to write the plan to, or null. */
  @Nullable Path savedPlan() {
    return savePlan;
  }

  /** Returns the same as a file to write, or null. */
  @Nullable OutputFile savePlan(boolean replace) {
    return savePlan == null ? null : new OutputFile(savePlan, replace, "plan");
  }

  /** Returns whether offsets are the default: where each bit is divided, they are worth theirs. */
  boolean wantsOffsets() {
    return targetSize != null || targetBits != null || maxLoss != null;
  }

  private void check() {
    List<String> given = EXCLUSIVE.stream().filter(this::isGiven).toList();
    if (given.size() > 1) {
      throw wrong(given.get(0) + " does not go with " + given.get(1) + "; expected one of them");
    }
    if (targetBits != null && !(targetBits > 0 && targetBits <= 2 * BitPlaneLayout.MAX_PLANES)) {
      throw wrong(TARGET_BITS + ": " + targetBits + "; expected bits per weight, 1 to 8 or so");
    }
    if (maxLoss != null && !(maxLoss > 0 && Double.isFinite(maxLoss))) {
      throw wrong(MAX_LOSS + ": " + maxLoss + "; expected more than 0, for instance 0.02");
    }
    if (maxLoss != null && !isGiven("--calibrate")) {
      throw wrong(MAX_LOSS + " needs --calibrate FILE, sentences to measure the loss on");
    }
    if (savePlan != null && !wantsOffsets()) {
      throw wrong(SAVE_PLAN + " needs " + String.join(", ", EXCLUSIVE.subList(1, 4)));
    }
    for (String option : List.of("--group", "--offset")) {
      if (plan != null && isGiven(option)) {
        throw wrong(option + " does not go with " + PLAN + ", which says it");
      }
    }
  }

  private boolean isGiven(String option) {
    return Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption(option);
  }

  private long bytes(String text) {
    Matcher size = SIZE.matcher(text.trim());
    if (!size.matches()) {
      throw wrong(
          "%s: '%s'; expected bytes, for instance 3MB, 2.5M or 3000000"
              .formatted(TARGET_SIZE, text));
    }
    long unit = Objects.requireNonNull(UNITS.get(size.group(2).toLowerCase(Locale.ROOT)));
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(MOST_BYTES) > 0) {
      throw wrong(
          "%s: '%s'; expected 1 byte to 1,000,000 GB, for instance 3MB"
              .formatted(TARGET_SIZE, text));
    }
    return bytes.longValue();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
