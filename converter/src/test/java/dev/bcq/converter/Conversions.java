package dev.bcq.converter;

import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.calibrate.CalibrationText;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversions with few words, for tests. */
public final class Conversions {
  private static final QuantizationOptions PLAIN =
      new QuantizationOptions(0, false, QuantizationOptions.Method.ALTERNATING, false);

  private Conversions() {}

  /** Converts a folder of the shared data, or skips the calling test if it is missing. */
  public static BcqFile convert(String shared, Path folder, String bits) {
    return convert(shared, folder, bits, null);
  }

  /** Converts a folder. */
  public static BcqFile convert(Path checkpoint, Path folder, String bits) {
    Path output = folder.resolve("model.bcq");
    Conversion.run(options(checkpoint, output, bits, null, 2));
    return BcqFile.open(output);
  }

  /** Converts with a stored prefix. */
  public static BcqFile convert(String shared, Path folder, String bits, @Nullable String prefix) {
    Path output = folder.resolve("model.bcq");
    Conversion.run(options(SharedData.path(shared), output, bits, prefix, 2));
    return BcqFile.open(output);
  }

  /** Converts what a caller says more of. */
  public static ConversionReport convert(CheckpointInput input, Path output, String bits) {
    ConversionOptions plain = options(input.path(), output, bits, null, 2);
    return Conversion.run(
        new ConversionOptions(
            input,
            null,
            output,
            plain.force(),
            plain.dryRun(),
            plain.bits(),
            plain.goal(),
            plain.plan(),
            plain.quantization(),
            plain.calibration(),
            plain.name(),
            plain.sourceLanguages(),
            plain.targetLanguages(),
            plain.license(),
            plain.attribution(),
            plain.generation(),
            plain.threads()));
  }

  /** Returns a tiny T5 with random weights, all of them float32. */
  public static BcqFile tiny(long seed, Path folder) {
    return tiny(new TinyCheckpoint(seed), folder);
  }

  /** Returns the same whose weights have a standard deviation, so that some tokens are likelier. */
  public static BcqFile tiny(long seed, float deviation, Path folder) {
    TinyCheckpoint checkpoint = new TinyCheckpoint(seed);
    checkpoint.deviation = deviation;
    return tiny(checkpoint, folder);
  }

  private static BcqFile tiny(TinyCheckpoint checkpoint, Path folder) {
    Path output = folder.resolve("tiny.bcq");
    Conversion.run(options(checkpoint.write(folder.resolve("tiny")), output, "32", null, 1));
    return BcqFile.open(output);
  }

  /** Returns the same model in the planes of a plan. */
  public static BcqFile planned(long seed, float deviation, Plan plan, Path folder) {
    TinyCheckpoint checkpoint = new TinyCheckpoint(seed);
    checkpoint.deviation = deviation;
    Path output = folder.resolve("planned.bcq");
    Conversion.run(
        options(
            checkpoint.write(folder.resolve("tiny")),
            output,
            "auto",
            plan,
            new QuantizationOptions(
                plan.groupSize(), plan.offset(), QuantizationOptions.Method.ALTERNATING, false),
            null,
            null,
            1));
    return BcqFile.open(output);
  }

  /** Returns options with row groups, no offset, alternating. */
  static ConversionOptions options(
      Path input, Path output, String bits, @Nullable String prefix, int threads) {
    return options(input, output, bits, null, PLAIN, prefix, null, threads);
  }

  /** Returns the same options with calibration. */
  static ConversionOptions calibrated(
      Path input, Path output, String bits, Path pairs, int threads) {
    CalibrationText text = CalibrationText.read(pairs, null);
    return options(input, output, bits, null, PLAIN, null, text, threads);
  }

  private static ConversionOptions options(
      Path input,
      Path output,
      String bits,
      @Nullable Plan plan,
      QuantizationOptions quantization,
      @Nullable String prefix,
      @Nullable CalibrationText calibration,
      int threads) {
    return new ConversionOptions(
        CheckpointInput.of(input),
        null,
        output,
        true,
        false,
        BitAllocation.parse(bits),
        null,
        plan,
        quantization,
        calibration,
        "test",
        List.of(),
        List.of(),
        "",
        "",
        GenerationSettings.builder().prefix(prefix).build(),
        threads);
  }
}
