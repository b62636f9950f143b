package dev.bcq.converter.checkpoint.tokenizers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TextStep;
import dev.bcq.format.TextStep.Kind;
import dev.bcq.format.WordPieceModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files with a WordPiece in each line, ids from 0, as BERT's {@code vocab.txt}. */
public final class WordPieceFile {
  private static final String UNKNOWN = "[UNK]";
  private static final String CONTINUATION = "##";
  private static final int MOST_CHARACTERS = 100;

  private WordPieceFile() {}

  /**
   * Returns BERT's pipeline of a file.
   *
   * @param lowercase whether the model is an uncased one
   * @throws CheckpointException if the file cannot be read or has no {@code [UNK]}
   */
  public static TextPipeline bert(Path file, boolean lowercase) {
    List<String> pieces = pieces(file);
    int unknown = pieces.indexOf(UNKNOWN);
    if (unknown < 0) {
      throw new CheckpointException(file.getFileName() + " has no " + UNKNOWN);
    }
    return pipeline(normalizer(true, true, lowercase, lowercase), pieces, unknown, true);
  }

  /**
   * Returns the pipeline of text without case and marks: lower case, canonical decomposition, marks
   * dropped, split at white space and punctuation.
   *
   * @param pieces by id
   * @param unknown id of what cannot be cut into pieces
   */
  public static TextPipeline plain(List<String> pieces, int unknown) {
    return pipeline(
        List.of(TextStep.of(Kind.LOWERCASE), TextStep.of(Kind.NFD), TextStep.of(Kind.STRIP_MARKS)),
        pieces,
        unknown,
        false);
  }

  private static TextPipeline pipeline(
      List<TextStep> normalizer, List<String> pieces, int unknown, boolean cleanUp) {
    return new TextPipeline(
        normalizer,
        List.of(TextStep.of(Kind.WHITE_SPACE_AND_PUNCTUATION)),
        new WordPieceModel(pieces, unknown, CONTINUATION, MOST_CHARACTERS),
        List.of(TextStep.of(Kind.CONTINUATIONS, CONTINUATION, "", cleanUp ? 1 : 0, 0)),
        List.of());
  }

  /** Returns the pieces of a file by id. */
  public static List<String> pieces(Path file) {
    return List.copyOf(TextFile.lines(file));
  }

  /** Returns BERT's normalizer. */
  static List<TextStep> normalizer(
      boolean clean, boolean chinese, boolean stripAccents, boolean lowercase) {
    List<TextStep> steps = new ArrayList<>();
    if (clean) {
      steps.add(TextStep.of(Kind.CLEAN));
    }
    if (chinese) {
      steps.add(TextStep.of(Kind.SPACE_CHINESE));
    }
    if (stripAccents) {
      steps.add(TextStep.of(Kind.NFD));
      steps.add(TextStep.of(Kind.STRIP_MARKS));
    }
    if (lowercase) {
      steps.add(TextStep.of(Kind.LOWERCASE));
    }
    return List.copyOf(steps);
  }
}
