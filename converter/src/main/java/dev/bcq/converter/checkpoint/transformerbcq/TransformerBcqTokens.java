package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.tokenizers.WordPieceFile;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vocabularies of WordPieces, one for each side. Special tokens have the same ids in both. */
final class TransformerBcqTokens {
  static final int START = 2;
  static final int END = 3;

  private static final int PADDING = 0;
  private static final int UNKNOWN = 1;
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[START]", "[END]");

  private final CheckpointInput input;
  private final Path checkpoint;
  private final TransformerConfig config;
  private final List<Path> files;
  private final List<String> warnings;

  /**
   * Prepares to read.
   *
   * @param files receives the files that are read
   */
  TransformerBcqTokens(
      CheckpointInput input,
      Path checkpoint,
      TransformerConfig config,
      List<Path> files,
      List<String> warnings) {
    this.input = input;
    this.checkpoint = checkpoint;
    this.config = config;
    this.files = files;
    this.warnings = warnings;
  }

  /**
   * Returns the tokenizer, or null, with a warning, if a vocabulary is missing.
   *
   * @throws CheckpointException if a vocabulary is not the model's
   */
  @Nullable TokenizerModel tokenizer() {
    Path source = file(input.sourceVocabulary(), "vocab.src.txt");
    Path target = file(input.targetVocabulary(), "vocab.tgt.txt");
    if (source == null || target == null) {
      warnings.add(
          "there is no %s beside the checkpoint, nor named by --%s-vocabulary: the model will serve token ids only (--ids)"
              .formatted(
                  source == null ? "vocab.src.txt" : "vocab.tgt.txt",
                  source == null ? "source" : "target"));
      return null;
    }
    return new TokenizerModel(
        pipeline(source, "source", config.sourceVocabulary()),
        pipeline(target, "target", config.targetVocabulary()),
        List.of(),
        List.of(),
        UNKNOWN,
        new TokenFrame(List.of(START), List.of(END)),
        TokenFrame.endingIn(END),
        List.of(PADDING, START, END),
        TextLanguages.NONE,
        false);
  }

  private @Nullable Path file(@Nullable Path given, String name) {
    Path beside = checkpoint.resolveSibling(name);
    return given != null ? given : Files.isRegularFile(beside) ? beside : null;
  }

  private TextPipeline pipeline(Path file, String side, int rows) {
    List<String> pieces = WordPieceFile.pieces(file);
    if (pieces.size() != rows || !pieces.subList(0, SPECIAL.size()).equals(SPECIAL)) {
      throw new CheckpointException(
          "%s has %d pieces and begins with %s; the %s embedding has %d rows, and the first are %s: give the model's file with --%s-vocabulary FILE"
              .formatted(
                  file.getFileName(),
                  pieces.size(),
                  pieces.subList(0, Math.min(SPECIAL.size(), pieces.size())),
                  side,
                  rows,
                  SPECIAL,
                  side));
    }
    files.add(file);
    return WordPieceFile.plain(file);
  }
}
