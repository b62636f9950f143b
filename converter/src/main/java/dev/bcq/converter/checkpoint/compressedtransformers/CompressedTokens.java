package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.tokenizers.LineVocabularies;
import dev.bcq.converter.checkpoint.tokenizers.MergesFile;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vocabularies of words in the order of torchtext; the project saves none itself. */
final class CompressedTokens {
  static final int START = 2;
  static final int END = 3;

  private static final int UNKNOWN = 0;
  private static final List<String> SPECIAL = List.of("<unk>", "<pad>", "<s>", "</s>");

  /** Sources have no start and no end. */
  private static final List<String> SPECIAL_OF_SOURCES = SPECIAL.subList(0, START);

  private CompressedTokens() {}

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
    LineVocabularies words =
        LineVocabularies.read(
            input, checkpoint, config, SPECIAL_OF_SOURCES, SPECIAL, files, warnings);
    return words == null
        ? null
        : TokenizerModel.lookedUp(
            MergesFile.wholeWords(),
            null,
            words.source(),
            words.target(),
            UNKNOWN,
            new TokenFrame(List.of(), List.of()),
            END);
  }
}
