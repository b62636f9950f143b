package dev.bcq.converter.checkpoint.tokenizers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary for each side, a token in each line in the order of their ids: files that the user
 * names, or {@code vocab.src.txt} and {@code vocab.tgt.txt} beside the checkpoint.
 *
 * @param source tokens by id
 * @param target likewise
 */
public record LineVocabularies(List<String> source, List<String> target) {

  /**
   * Reads them.
   *
   * @param checkpoint the file that they lie beside
   * @param sourceSpecial tokens that the source's begins with
   * @param targetSpecial likewise for the target's
   * @param files receives the files that are read
   * @param warnings is told what is missing
   * @return null if one is
   * @throws CheckpointException if one is not the model's
   */
  public static @Nullable LineVocabularies read(
      CheckpointInput input,
      Path checkpoint,
      TransformerConfig config,
      List<String> sourceSpecial,
      List<String> targetSpecial,
      List<Path> files,
      List<String> warnings) {
    Path source = file(input.sourceVocabulary(), checkpoint.resolveSibling("vocab.src.txt"));
    Path target = file(input.targetVocabulary(), checkpoint.resolveSibling("vocab.tgt.txt"));
    if (source == null || target == null) {
      warnings.add(
          "there is no %s beside the checkpoint, nor named by --%s-vocabulary: the model will serve token ids only (--ids)"
              .formatted(
                  source == null ? "vocab.src.txt" : "vocab.tgt.txt",
                  source == null ? "source" : "target"));
      return null;
    }
    files.add(source);
    files.add(target);
    return new LineVocabularies(
        tokens(source, "source", config.sourceVocabulary(), sourceSpecial),
        tokens(target, "target", config.targetVocabulary(), targetSpecial));
  }

  private static @Nullable Path file(@Nullable Path given, Path beside) {
    return given != null ? given : Files.isRegularFile(beside) ? beside : null;
  }

  private static List<String> tokens(Path file, String side, int rows, List<String> special) {
    List<String> tokens = List.copyOf(TextFile.lines(file));
    List<String> first = tokens.subList(0, Math.min(special.size(), tokens.size()));
    if (tokens.size() != rows || !first.equals(special)) {
      throw new CheckpointException(
          "%s has %d tokens and begins with %s; the %s embedding has %d rows, and the first are %s: give the model's file with --%s-vocabulary FILE"
              .formatted(file.getFileName(), tokens.size(), first, side, rows, special, side));
    }
    return tokens;
  }
}
