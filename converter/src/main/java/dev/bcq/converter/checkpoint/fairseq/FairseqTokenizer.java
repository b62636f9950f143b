package dev.bcq.converter.checkpoint.fairseq;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The vocabularies and the tokenizer beside a fairseq checkpoint. */
final class FairseqTokenizer {
  /** Tasks whose models have a row for each symbol of the vocabulary, and no others. */
  private static final String TRANSLATION = "translation";

  private static final Set<String> SUBWORD_NMT = Set.of("subword_nmt", "fastbpe");

  /** Names of files of merges. */
  private static final List<String> CODES = List.of("bpe.codes", "bpecodes", "code", "codes");

  private final CheckpointInput input;
  private final Path folder;
  private final FairseqSettings settings;
  private final TransformerConfig config;
  private final List<Path> files;
  private final List<String> warnings;
  private final Set<String> missing = new LinkedHashSet<>();

  /**
   * Prepares to read.
   *
   * @param files receives the files that are read
   */
  FairseqTokenizer(
      CheckpointInput input,
      Path folder,
      FairseqSettings settings,
      TransformerConfig config,
      List<Path> files,
      List<String> warnings) {
    this.input = input;
    this.folder = folder;
    this.settings = settings;
    this.config = config;
    this.files = files;
    this.warnings = warnings;
  }

  /**
   * Returns the tokenizer, or null, with a warning, if the files give none.
   *
   * @throws CheckpointException if a vocabulary has another size than the model
   */
  @Nullable TokenizerModel read() {
    List<String> source = vocabulary("source", input.sourceVocabulary(), config.sourceVocabulary());
    List<String> target = vocabulary("target", input.targetVocabulary(), config.targetVocabulary());
    if (source == null || target == null) {
      warn(
          ("there is no %s beside the checkpoint, nor named by --source-vocabulary or"
                  + " --target-vocabulary")
              .formatted(String.join(", ", missing)));
      return null;
    }
    TextPipeline pipeline = pipeline(source);
    if (pipeline == null) {
      return null;
    }
    if (Objects.equals(settings.tokenizer(), "moses")) {
      warnings.add(
          "the model was trained on text that the Moses tokenizer had cut into words, which is not"
              + " applied: sources have to be cut, and translations are");
    }
    return TokenizerModel.lookedUp(
        pipeline,
        null,
        source,
        target,
        FairseqVocabulary.UNKNOWN,
        TokenFrame.endingIn(FairseqVocabulary.END),
        FairseqVocabulary.END);
  }

  private @Nullable TextPipeline pipeline(List<String> vocabulary) {
    String bpe = settings.bpe();
    List<Path> models = models();
    if (models.size() > 1) {
      warn("there are several SentencePiece models beside the checkpoint");
      return null;
    }
    if (models.size() == 1) {
      return sentencePiece(models.get(0));
    }
    if (bpe != null && !SUBWORD_NMT.contains(bpe)) {
      warn(
          bpe.equals("sentencepiece")
              ? "there is no SentencePiece model (*.model) beside the checkpoint"
              : "the model's words were cut by "
                  + FairseqSettings.shown(bpe)
                  + ", which is not known");
      return null;
    }
    for (String name : CODES) {
      if (Files.isRegularFile(folder.resolve(name))) {
        files.add(folder.resolve(name));
        return MergesFile.subwordNmt(folder.resolve(name));
      }
    }
    if (bpe != null || vocabulary.stream().anyMatch(symbol -> symbol.endsWith("@@"))) {
      warnings.add(
          "there is no file of merges (%s) beside the checkpoint: sources have to be cut into the pieces of the vocabulary already"
              .formatted(String.join(", ", CODES)));
    }
    return MergesFile.wholeWords();
  }

  private @Nullable TextPipeline sentencePiece(Path file) {
    SentencePieceModel model;
    try {
      model = SentencePieceModelReader.read(file);
    } catch (CheckpointException e) {
      // Of the types that fairseq works with, two are read.
      warn(String.valueOf(e.getMessage()));
      return null;
    }
    files.add(file);
    return TextPipeline.of(model);
  }

  private void warn(String why) {
    warnings.add(why + ": the model will serve token ids only (--ids)");
  }

  private @Nullable List<String> vocabulary(String side, @Nullable Path given, int rows) {
    String language = settings.text(side + "_lang");
    Path file = given != null ? given : find(language);
    if (file == null) {
      missing.add(language == null ? "dict.txt" : "dict." + language + ".txt");
      return null;
    }
    List<String> symbols = FairseqVocabulary.read(file);
    String task = settings.text("task");
    boolean addsSymbols = task != null && !task.equals(TRANSLATION);
    if (symbols.size() > rows || (symbols.size() < rows && !addsSymbols)) {
      throw new CheckpointException(
          "%s has %d symbols, 4 special ones included; the %s embedding has %d rows. Give the file"
                  .formatted(file.getFileName(), symbols.size(), side, rows)
              + " that the model was trained with: --"
              + side
              + "-vocabulary FILE");
    }
    files.add(file);
    return symbols;
  }

  private @Nullable Path find(@Nullable String language) {
    // What a file says of a language must not lead out of the folder.
    boolean plain = language != null && language.matches("[\\w@-]+");
    for (String name :
        plain ? List.of("dict." + language + ".txt", "dict.txt") : List.of("dict.txt")) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    return null;
  }

  private List<Path> models() {
    return FolderFiles.endingIn(folder, ".model");
  }
}
