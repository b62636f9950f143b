package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.converter.checkpoint.tokenizers.MergesFile;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The vocabularies beside a model, and its tokenizer. */
final class MarianTokens {
  private static final List<String> SUFFIXES = List.of(".yml", ".yaml", ".spm");
  private static final List<String> SIDES = List.of("source", "target");

  private final Path folder;
  private final MarianSettings decoder;
  private final List<Path> files;
  private final List<String> warnings;
  private final MarianVocabulary source;
  private final MarianVocabulary target;

  /**
   * Reads the vocabularies.
   *
   * @param decoder options of {@code decoder.yml}, which may name them
   * @param config of the model, whose target has one token more, for the start
   * @param files receives the files that are read
   * @throws CheckpointException if they are not there, or have other sizes than the model
   */
  MarianTokens(
      CheckpointInput input,
      Path folder,
      MarianSettings decoder,
      TransformerConfig config,
      List<Path> files,
      List<String> warnings) {
    this.folder = folder;
    this.decoder = decoder;
    this.files = files;
    this.warnings = warnings;
    int targetRows = config.targetVocabulary() - 1;
    int sourceRows = config.sourceVocabulary() - (config.sharedEmbedding() ? 1 : 0);
    this.source = vocabulary("source", input.sourceVocabulary(), sourceRows);
    this.target = vocabulary("target", input.targetVocabulary(), targetRows);
  }

  MarianVocabulary target() {
    return target;
  }

  private MarianVocabulary vocabulary(String side, @Nullable Path given, int rows) {
    Path file = given != null ? given : find(side);
    MarianVocabulary vocabulary = MarianVocabulary.read(file);
    if (vocabulary.tokens().size() != rows) {
      throw new CheckpointException(
          "%s has %d tokens; the %s embedding has %d rows. Give the file that the model was trained with: --%s-vocabulary FILE"
              .formatted(file.getFileName(), vocabulary.tokens().size(), side, rows, side));
    }
    if (!files.contains(file)) {
      files.add(file);
    }
    return vocabulary;
  }

  private Path find(String side) {
    List<String> named = decoder.texts("vocabs");
    if (!named.isEmpty()) {
      String path = side.equals("source") ? named.get(0) : named.get(named.size() - 1);
      Path name = Path.of(path).getFileName();
      // Of what a file says of another place, the name alone is taken.
      if (name != null && Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    List<Path> found = candidates();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new CheckpointException(
        "%s beside the model; give the %s vocabulary: --%s-vocabulary FILE"
            .formatted(
                found.isEmpty()
                    ? "there is no vocab.yml, vocab.spm or other vocabulary"
                    : "there are several vocabularies, " + names(found) + ",",
                side,
                side));
  }

  private static String names(List<Path> paths) {
    return String.join(", ", paths.stream().map(path -> "" + path.getFileName()).toList());
  }

  /** Returns what may be the vocabulary of both sides: {@code vocab.yml} and the like. */
  private List<Path> candidates() {
    return FolderFiles.endingIn(
        folder, SUFFIXES.stream().map("vocab"::concat).toArray(String[]::new));
  }

  /** Returns the tokenizer, or null, with a warning, if the files give none. */
  @Nullable TokenizerModel tokenizer() {
    if (source.model() != null && target.model() != null) {
      return tokenizer(source.model(), target.model());
    }
    List<Path> pair = SIDES.stream().map(side -> folder.resolve(side + ".spm")).toList();
    if (!pair.stream().allMatch(Files::isRegularFile)) {
      if (source.model() != null || target.model() != null) {
        return warn("one side has a SentencePiece model, and the other has none");
      }
      warnings.add(
          "there are no source.spm and target.spm beside the model: sources have to be cut into the tokens of the vocabulary already, with white space between them");
      return lookedUp(MergesFile.wholeWords(), null);
    }
    List<TextPipeline> pipelines = new ArrayList<>();
    try {
      pair.forEach(file -> pipelines.add(TextPipeline.of(SentencePieceModelReader.read(file))));
    } catch (CheckpointException e) {
      return warn(String.valueOf(e.getMessage()));
    }
    Set<Path> known = new LinkedHashSet<>(files);
    pair.stream().filter(known::add).forEach(files::add);
    return lookedUp(pipelines.get(0), pipelines.get(1));
  }

  /** Returns the tokenizer of models whose pieces are the vocabularies. */
  private TokenizerModel tokenizer(SentencePieceModel from, SentencePieceModel to) {
    return source.tokens().equals(target.tokens())
        ? TokenizerModel.of(from, null, List.of(), source.unknown(), source.end(), languages())
        : lookedUp(TextPipeline.of(from), TextPipeline.of(to));
  }

  private boolean languages() {
    return source.tokens().stream().anyMatch(token -> token.matches(">>.+<<"));
  }

  private TokenizerModel lookedUp(TextPipeline from, @Nullable TextPipeline to) {
    return TokenizerModel.lookedUp(
        from,
        to,
        source.tokens(),
        target.tokens(),
        source.unknown(),
        TokenFrame.endingIn(source.end()),
        target.end());
  }

  private @Nullable TokenizerModel warn(String why) {
    warnings.add(why + ": the model will serve token ids only (--ids)");
    return null;
  }
}
