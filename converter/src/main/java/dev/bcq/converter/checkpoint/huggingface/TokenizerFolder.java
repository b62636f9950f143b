package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.FolderFiles;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.converter.checkpoint.sentencepiece.SentencePieceModelReader;
import dev.bcq.converter.checkpoint.tokenizers.AddedTokens;
import dev.bcq.converter.checkpoint.tokenizers.TokenizerJson;
import dev.bcq.format.SentencePieceModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a tokenizer in a checkpoint folder. Those that are read are noted. */
final class TokenizerFolder {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String SPECIAL = "special_tokens_map.json";
  private static final String ADDED = "added_tokens.json";
  static final String JSON = "tokenizer.json";

  private final Path folder;
  private final JsonNode config;
  private final List<Path> files = new ArrayList<>();

  TokenizerFolder(Path folder) {
    this.folder = folder;
    this.config = has(CONFIG) ? json(CONFIG) : JsonFile.object();
  }

  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /** Returns a file, and notes that it is read. */
  Path file(String name) {
    Path file = folder.resolve(name);
    if (!files.contains(file)) {
      files.add(file);
    }
    return file;
  }

  /** Returns the files that were read. */
  List<Path> files() {
    return files;
  }

  JsonNode json(String name) {
    return JsonFile.read(file(name));
  }

  /** Returns {@code tokenizer_config.json}, empty if there is none. */
  JsonNode config() {
    return config;
  }

  /** Whether transformers has written or reads the folder's tokenizer. */
  boolean isOfTransformers() {
    return Stream.of(CONFIG, JSON, SPECIAL).anyMatch(this::has);
  }

  /**
   * Returns a SentencePiece model. Tokenizers of transformers skip special tokens, and count the
   * unknown one among them; sentencepiece prints it.
   */
  SentencePieceModel sentencePiece(String name) {
    SentencePieceModel model = sentencePieceAsIs(name);
    return isOfTransformers() ? PieceOrder.of(model).withoutUnknownSurface().model() : model;
  }

  /** Returns a SentencePiece model as its file says. */
  SentencePieceModel sentencePieceAsIs(String name) {
    return SentencePieceModelReader.read(file(name));
  }

  /** Returns the added tokens by id, of whatever file tells them. */
  SortedMap<Integer, String> addedTokens() {
    SortedMap<Integer, String> texts = new TreeMap<>();
    if (has(ADDED)) {
      json(ADDED)
          .properties()
          .forEach(token -> texts.put(token.getValue().asInt(), token.getKey()));
    }
    texts.putAll(AddedTokens.ofDecoder(config.path("added_tokens_decoder")).texts());
    if (has(JSON)) {
      texts.putAll(TokenizerJson.addedTokens(file(JSON)).texts());
    }
    return texts;
  }

  /** Returns the additional special tokens in their order, as older files list them. */
  List<String> additionalTokens() {
    JsonNode list = config.path("additional_special_tokens");
    if (list.isEmpty() && has(SPECIAL)) {
      list = json(SPECIAL).path("additional_special_tokens");
    }
    List<String> tokens = new ArrayList<>();
    list.forEach(
        token -> tokens.add(token.isTextual() ? token.asText() : token.path("content").asText()));
    return tokens;
  }

  /** Returns a text of {@code tokenizer_config.json}, or null. */
  @Nullable String setting(String key) {
    return config.path(key).isTextual() ? config.path(key).asText() : null;
  }

  /** Returns the only one of files that end so, or null if there is none. */
  @Nullable String only(List<String> endings) {
    List<String> found =
        FolderFiles.endingIn(folder, endings.toArray(String[]::new)).stream()
            .map(file -> String.valueOf(file.getFileName()))
            .toList();
    if (found.size() > 1) {
      throw new CheckpointException(
          "the folder has several SentencePiece models: " + String.join(", ", found));
    }
    return found.isEmpty() ? null : found.get(0);
  }
}
