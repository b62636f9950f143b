package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary of Marian: YAML with the id of each token, or a SentencePiece model whose pieces
 * have their numbers as ids.
 *
 * @param tokens token of each id
 * @param model the model, or null
 * @param end id of the end token
 * @param unknown id of the unknown token
 */
record MarianVocabulary(
    List<String> tokens, @Nullable SentencePieceModel model, int end, int unknown) {
  private static final String MODEL = ".spm";

  /**
   * Reads a vocabulary.
   *
   * @throws CheckpointException if it is damaged, or lacks the end or the unknown token
   */
  static MarianVocabulary read(Path file) {
    if (file.toString().endsWith(MODEL)) {
      SentencePieceModel model = SentencePieceModelReader.read(file);
      int unknown = Arrays.asList(model.kinds()).indexOf(PieceKind.UNKNOWN);
      return new MarianVocabulary(
          model.pieces(), model, id(file, model.pieces(), "</s>"), Math.max(0, unknown));
    }
    List<String> tokens = tokens(file, FlatYaml.read(file));
    return new MarianVocabulary(tokens, null, id(file, tokens, "</s>"), id(file, tokens, "<unk>"));
  }

  private static int id(Path file, List<String> tokens, String token) {
    int id = tokens.indexOf(token);
    if (id < 0) {
      throw new CheckpointException(file.getFileName() + " has no " + token);
    }
    return id;
  }

  private static List<String> tokens(Path file, Map<String, Object> ids) {
    @Nullable String[] tokens = new @Nullable String[ids.size()];
    for (Map.Entry<String, Object> entry : ids.entrySet()) {
      int id = number(entry.getValue());
      if (id < 0 || id >= tokens.length || tokens[id] != null) {
        throw new CheckpointException(
            "%s: the id of '%s' is %s; expected each of 0 to %d once"
                .formatted(
                    file.getFileName(),
                    FlatYaml.shown(entry.getKey()),
                    FlatYaml.shown(entry.getValue()),
                    tokens.length - 1));
      }
      tokens[id] = entry.getKey();
    }
    return Arrays.stream(tokens).map(Objects::requireNonNull).toList();
  }

  private static int number(Object value) {
    try {
      return Integer.parseInt(value.toString());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
