package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.converter.checkpoint.tokenizers.MergesFile;
import dev.bcq.format.EarlyStopping;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vocabularies of a model, and what follows from them: decoding and the tokenizer. */
final class CTranslate2Tokens {
  /** {@code max_decoding_length}. */
  private static final int MOST_TOKENS = 256;

  private static final List<String> SUFFIXES = List.of("json", "txt");

  private final Path folder;
  private final CTranslate2Settings settings;
  private final List<Path> files;
  private final List<String> warnings;
  private final String unknown;
  private final List<String> source;
  private final List<String> target;

  /**
   * Reads the vocabularies.
   *
   * @param sourceTokens tokens that the model has
   * @param targetTokens likewise, a zero start excepted
   * @param files receives the files that are read
   * @throws CheckpointException if they are not there, or have other sizes than the model
   */
  CTranslate2Tokens(
      CheckpointInput input,
      Path folder,
      CTranslate2Settings settings,
      int sourceTokens,
      int targetTokens,
      List<Path> files,
      List<String> warnings) {
    this.folder = folder;
    this.settings = settings;
    this.files = files;
    this.warnings = warnings;
    this.unknown = required("unk_token", "<unk>");
    this.source = vocabulary("source", input.sourceVocabulary(), sourceTokens);
    this.target = vocabulary("target", input.targetVocabulary(), targetTokens);
  }

  private String required(String key, String absent) {
    String found = settings.text(key, absent);
    if (found == null) {
      throw new CheckpointException(
          "the checkpoint leaves %s to the user; give it: --set %s=TOKEN".formatted(key, key));
    }
    return found;
  }

  private List<String> vocabulary(String side, @Nullable Path given, int rows) {
    Path file = given != null ? given : find(side);
    List<String> tokens = CTranslate2Vocabulary.read(file, unknown);
    if (tokens.size() != rows) {
      throw new CheckpointException(
          "%s has %d tokens, %s included; the %s embedding has %d rows. Give the file that the model was converted with: --%s-vocabulary FILE"
              .formatted(
                  file.getFileName(),
                  tokens.size(),
                  CTranslate2Settings.shown(unknown),
                  side,
                  rows,
                  side));
    }
    if (!files.contains(file)) {
      files.add(file);
    }
    return tokens;
  }

  private Path find(String side) {
    for (String kind : List.of(side, "shared")) {
      for (String suffix : SUFFIXES) {
        Path file = folder.resolve(kind + "_vocabulary." + suffix);
        if (Files.isRegularFile(file)) {
          return file;
        }
      }
    }
    throw new CheckpointException(
        "there is no %s_vocabulary nor shared_vocabulary (.json or .txt) beside the model; give it: --%s-vocabulary FILE"
            .formatted(side, side));
  }

  private int id(String key, String absent) {
    String token = required(key, absent);
    int id = target.indexOf(token);
    if (id < 0) {
      throw new CheckpointException(
          "%s is '%s', which the target vocabulary does not have"
              .formatted(key, CTranslate2Settings.shown(token)));
    }
    return id;
  }

  /**
   * Returns the defaults of {@code Translator.translate_batch}.
   *
   * @param zeroStart the token whose embedding is zero, or null if decoders begin with a token
   * @param positions how many tokens the model can number
   */
  GenerationSettings generation(@Nullable Integer zeroStart, int positions) {
    String begin = required("bos_token", "<s>");
    return GenerationSettings.builder()
        .beams(2)
        .nBest(1)
        .lengthPenalty(1f)
        .earlyStopping(EarlyStopping.TRUE)
        .minTokens(1)
        .maxTokens(Math.min(MOST_TOKENS, positions))
        .startToken(
            zeroStart != null ? zeroStart : Integer.valueOf(id("decoder_start_token", begin)))
        .endTokens(List.of(id("eos_token", "</s>")))
        .blockedTokens(zeroStart == null ? List.of() : List.of(zeroStart))
        .build();
  }

  /** Returns the tokenizer, or null, with a warning, if the files give none. */
  @Nullable TokenizerModel tokenizer() {
    List<Path> models = models();
    if (models.size() > 1 && !models.equals(pair())) {
      return warn("there are several SentencePiece models beside the model");
    }
    List<TextPipeline> pipelines = new ArrayList<>();
    try {
      models.forEach(file -> pipelines.add(TextPipeline.of(SentencePieceModelReader.read(file))));
    } catch (CheckpointException e) {
      return warn(String.valueOf(e.getMessage()));
    }
    files.addAll(models);
    if (pipelines.isEmpty()) {
      warnings.add(
          "there is no SentencePiece model (source.spm and target.spm, or one *.model) beside the model: sources have to be cut into the tokens of the vocabulary already, with white space between them");
      pipelines.add(MergesFile.wholeWords());
    }
    return TokenizerModel.lookedUp(
        pipelines.get(0),
        pipelines.size() == 1 ? null : pipelines.get(1),
        source,
        target,
        source.indexOf(unknown),
        new TokenFrame(
            added("add_source_bos", "bos_token", "<s>"),
            added("add_source_eos", "eos_token", "</s>")),
        id("eos_token", "</s>"));
  }

  /** Returns the token that is put around sources, if it is. */
  private List<Integer> added(String flag, String key, String absent) {
    if (!settings.flag(flag)) {
      return List.of();
    }
    String token = required(key, absent);
    int id = source.indexOf(token);
    if (id < 0) {
      throw new CheckpointException(
          "%s is set, and %s is '%s', which the source vocabulary does not have"
              .formatted(flag, key, CTranslate2Settings.shown(token)));
    }
    return List.of(id);
  }

  private @Nullable TokenizerModel warn(String why) {
    warnings.add(why + ": the model will serve token ids only (--ids)");
    return null;
  }

  private List<Path> pair() {
    return List.of(folder.resolve("source.spm"), folder.resolve("target.spm"));
  }

  /** Returns the pair of models, or all that there are. */
  private List<Path> models() {
    if (pair().stream().allMatch(Files::isRegularFile)) {
      return pair();
    }
    return FolderFiles.endingIn(folder, ".model", ".spm");
  }
}
