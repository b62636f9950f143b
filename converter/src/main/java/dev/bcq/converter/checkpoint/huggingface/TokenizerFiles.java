package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds and reads the tokenizer of a checkpoint folder. */
final class TokenizerFiles {
  private final Path folder;
  private final TransformerConfig config;
  private final int end;
  private final List<Path> files;

  private TokenizerFiles(
      Path folder, TransformerConfig config, GenerationSettings generation, List<Path> files) {
    this.folder = folder;
    this.config = config;
    this.end = Objects.requireNonNull(generation.endTokens()).get(0);
    this.files = files;
  }

  /**
   * Returns the tokenizer of a folder, or null if it has none.
   *
   * @param files receives the files that were read
   */
  static @Nullable TokenizerModel read(
      Path folder, TransformerConfig config, GenerationSettings generation, List<Path> files) {
    return new TokenizerFiles(folder, config, generation, files).read();
  }

  private @Nullable TokenizerModel read() {
    if (Files.exists(folder.resolve("source.spm"))) {
      return marian();
    }
    List<Path> models = models();
    if (models.isEmpty()) {
      return null;
    }
    if (models.size() > 1) {
      throw new CheckpointException(
          "the folder has several SentencePiece models: "
              + String.join(", ", models.stream().map(Path::toString).toList()));
    }
    SentencePieceModel model = surface(model(models.get(0)));
    int tokens = Math.min(config.sourceVocabulary(), config.targetVocabulary());
    if (model.pieces().size() > tokens) {
      throw new CheckpointException(
          "%s has %d pieces, the model %d tokens"
              .formatted(models.get(0), model.pieces().size(), tokens));
    }
    int unknown = Math.max(0, Arrays.asList(model.kinds()).indexOf(PieceKind.UNKNOWN));
    return TokenizerModel.of(model, null, List.of(), unknown, end, false);
  }

  // Tokenizers of transformers skip special tokens, and count the unknown one among them;
  // sentencepiece prints it.
  private SentencePieceModel surface(SentencePieceModel model) {
    boolean transformers =
        Stream.of("tokenizer_config.json", "tokenizer.json", "special_tokens_map.json")
            .anyMatch(name -> Files.exists(folder.resolve(name)));
    return new SentencePieceModel(
        model.algorithm(),
        model.pieces(),
        model.scores(),
        model.kinds(),
        model.characterMap(),
        model.addDummyPrefix(),
        model.removeExtraWhitespaces(),
        model.escapeWhitespaces(),
        model.whitespaceAsSuffix(),
        model.byteFallback(),
        transformers ? "" : model.unknownSurface());
  }

  private List<Path> models() {
    for (String name : List.of("spiece.model", "spm.model")) {
      if (Files.exists(folder.resolve(name))) {
        return List.of(Path.of(name));
      }
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(Path::getFileName)
          .filter(name -> name.toString().endsWith(".model") || name.toString().endsWith(".spm"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private TokenizerModel marian() {
    for (String name : List.of("target.spm", "vocab.json")) {
      if (!Files.exists(folder.resolve(name))) {
        throw new CheckpointException("the folder has source.spm but no " + name);
      }
    }
    if (Files.exists(folder.resolve("target_vocab.json"))) {
      throw new CheckpointException("target_vocab.json: separate vocabularies are not supported");
    }
    SentencePieceModel source = model(Path.of("source.spm"));
    SentencePieceModel target = model(Path.of("target.spm"));
    files.add(folder.resolve("vocab.json"));
    List<String> vocabulary = vocabulary(JsonFile.read(folder.resolve("vocab.json")));
    int unknown = vocabulary.indexOf("<unk>");
    if (unknown < 0) {
      throw new CheckpointException("vocab.json has no <unk>");
    }
    return TokenizerModel.of(source, target, vocabulary, unknown, end, true);
  }

  private List<String> vocabulary(JsonNode json) {
    int tokens = Math.max(config.sourceVocabulary(), config.targetVocabulary());
    @Nullable String[] vocabulary = new @Nullable String[json.size()];
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      JsonNode id = entry.getValue();
      boolean valid =
          id.isIntegralNumber()
              && id.canConvertToInt()
              && id.intValue() >= 0
              && id.intValue() < Math.min(tokens, vocabulary.length)
              && vocabulary[id.intValue()] == null;
      if (!valid) {
        throw new CheckpointException(
            "vocab.json: the id of '%s' is %s; expected each of 0 to %d once, the model has %d tokens"
                .formatted(entry.getKey(), id, vocabulary.length - 1, tokens));
      }
      vocabulary[id.intValue()] = entry.getKey();
    }
    return Arrays.stream(vocabulary).map(Objects::requireNonNull).toList();
  }

  private SentencePieceModel model(Path name) {
    files.add(folder.resolve(name));
    return SentencePieceModelReader.read(folder.resolve(name));
  }
}
