package dev.bcq.converter.checkpoint;

import dev.bcq.converter.quantize.MatrixRules;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be read, and what the user says of it.
 *
 * @param path a file or folder
 * @param sourceVocabulary vocabulary of the source, or null to look for it beside the checkpoint
 * @param targetVocabulary vocabulary of the target, likewise
 * @param settings values of the configuration that the checkpoint does not hold, as typed
 * @param weights which of several stored forms each matrix is taken from, or null for the usual one
 */
public record CheckpointInput(
    Path path,
    @Nullable Path sourceVocabulary,
    @Nullable Path targetVocabulary,
    Map<String, String> settings,
    @Nullable MatrixRules<WeightForm> weights) {

  /** An input of whose forms the user says nothing. */
  public CheckpointInput(
      Path path,
      @Nullable Path sourceVocabulary,
      @Nullable Path targetVocabulary,
      Map<String, String> settings) {
    this(path, sourceVocabulary, targetVocabulary, settings, null);
  }

  /** Returns an input of which the user says nothing. */
  public static CheckpointInput of(Path path) {
    return new CheckpointInput(path, null, null, Map.of());
  }

  /**
   * Checks that the user has said nothing, for sources that hold everything.
   *
   * @throws CheckpointException naming an option that was given
   */
  public void refuseOptions(String format) {
    String given =
        sourceVocabulary != null
            ? "--source-vocabulary"
            : targetVocabulary != null
                ? "--target-vocabulary"
                : settings.isEmpty() ? null : "--set " + settings.keySet().iterator().next();
    if (given != null) {
      throw new CheckpointException(
          "%s does not go with %s, whose folders hold everything".formatted(given, format));
    }
  }
}
