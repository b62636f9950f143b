package dev.bcq.converter.checkpoint.compressedtransformers;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.tokenizers.MergesFile;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vocabularies of words, a line each in the order of torchtext; the project saves none itself. */
final class CompressedTokens {
  static final int START = 2;
  static final int END = 3;

  private static final int UNKNOWN = 0;
  private static final List<String> SPECIAL = List.of("<unk>", "<pad>", "<s>", "</s>");

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
  CompressedTokens(
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
    List<String> sourceWords = words(source, "source", config.sourceVocabulary(), 2);
    List<String> targetWords = words(target, "target", config.targetVocabulary(), SPECIAL.size());
    return TokenizerModel.lookedUp(
        MergesFile.wholeWords(),
        null,
        sourceWords,
        targetWords,
        UNKNOWN,
        new TokenFrame(List.of(), List.of()),
        END);
  }

  private @Nullable Path file(@Nullable Path given, String name) {
    Path beside = checkpoint.resolveSibling(name);
    return given != null ? given : Files.isRegularFile(beside) ? beside : null;
  }

  /** Returns the words of a file, the first of which are special ones. */
  private List<String> words(Path file, String side, int rows, int special) {
    List<String> words = MergesFile.words(file);
    if (words.size() != rows || !words.subList(0, special).equals(SPECIAL.subList(0, special))) {
      throw new CheckpointException(
          "%s has %d words and begins with %s; the %s embedding has %d rows, and the first are %s: give the model's file with --%s-vocabulary FILE"
              .formatted(
                  file.getFileName(),
                  words.size(),
                  words.subList(0, Math.min(special, words.size())),
                  side,
                  rows,
                  SPECIAL.subList(0, special),
                  side));
    }
    files.add(file);
    return words;
  }
}
