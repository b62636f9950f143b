package dev.bcq.converter.checkpoint.transformerbcq;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.tokenizers.LineVocabularies;
import dev.bcq.converter.checkpoint.tokenizers.WordPieceFile;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
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

  private TransformerBcqTokens() {}

  /**
   * Returns the tokenizer, or null, with a warning, if a vocabulary is missing.
   *
   * @param files receives the files that are read
   * @throws CheckpointException if a vocabulary is not the model's
   */
  static @Nullable TokenizerModel tokenizer(
      CheckpointInput input,
      Path checkpoint,
      TransformerConfig config,
      List<Path> files,
      List<String> warnings) {
    LineVocabularies pieces =
        LineVocabularies.read(input, checkpoint, config, SPECIAL, SPECIAL, files, warnings);
    return pieces == null
        ? null
        : new TokenizerModel(
            WordPieceFile.plain(pieces.source(), UNKNOWN),
            WordPieceFile.plain(pieces.target(), UNKNOWN),
            List.of(),
            List.of(),
            UNKNOWN,
            new TokenFrame(List.of(START), List.of(END)),
            TokenFrame.endingIn(END),
            List.of(PADDING, START, END),
            TextLanguages.NONE,
            false);
  }
}
