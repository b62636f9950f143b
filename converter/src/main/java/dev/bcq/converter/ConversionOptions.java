package dev.bcq.converter;

import dev.bcq.converter.allocate.Goal;
import dev.bcq.converter.allocate.Plan;
import dev.bcq.converter.calibrate.CalibrationText;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.CheckpointReader;
import dev.bcq.converter.quantize.BitAllocation;
import dev.bcq.converter.quantize.QuantizationOptions;
import dev.bcq.format.GenerationSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conversion is asked to do.
 *
 * @param input the checkpoint
 * @param reader its source, or null for the first that recognizes it
 * @param output file to write
 * @param force whether an existing output is replaced
 * @param dryRun whether everything is done but writing
 * @param bits storage of matrices
 * @param goal what bits are divided for, or null: then {@code bits} says what matrices become
 * @param plan a division to be used in place of {@code bits}, or null
 * @param quantization how weights become bit-planes
 * @param calibration sentences that decide what weights matter, or null for none
 * @param name name of the model, or null for the folder's
 * @param sourceLanguages languages that the model reads
 * @param targetLanguages languages that the model writes
 * @param license licence of the weights, empty for none
 * @param attribution attribution that goes with the model, empty for none
 * @param generation decoding defaults to be stored over those of the checkpoint
 * @param threads number of threads
 */
public record ConversionOptions(
    CheckpointInput input,
    @Nullable CheckpointReader reader,
    Path output,
    boolean force,
    boolean dryRun,
    BitAllocation bits,
    @Nullable Goal goal,
    @Nullable Plan plan,
    QuantizationOptions quantization,
    @Nullable CalibrationText calibration,
    @Nullable String name,
    List<String> sourceLanguages,
    List<String> targetLanguages,
    String license,
    String attribution,
    GenerationSettings generation,
    int threads) {}
