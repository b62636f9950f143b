package dev.bcq.converter.checkpoint.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.JsonFile;
import dev.bcq.format.SubwordModel;
import dev.bcq.format.TextLanguages;
import dev.bcq.format.TextPipeline;
import dev.bcq.format.TokenFrame;
import dev.bcq.format.TokenizerModel;
import dev.bcq.format.WordsModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code tokenizer.json} of Hugging Face tokenizers.
 *
 * <p>Source: the crate {@code tokenizers}, version 0.22.
 */
public final class TokenizerJson {
  static final String NAME = "tokenizer.json";

  private final JsonNode root;
  private final AddedTokens added;

  private TokenizerJson(JsonNode root) {
    this.root = root;
    this.added = AddedTokens.of(root.path("added_tokens"));
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException if it holds a component that is not known
   */
  public static TokenizerModel read(Path file) {
    return new TokenizerJson(JsonFile.read(file)).model();
  }

  /** Returns the added tokens of a file. */
  public static AddedTokens addedTokens(Path file) {
    return AddedTokens.of(JsonFile.read(file).path("added_tokens"));
  }

  private TokenizerModel model() {
    JsonNode description = root.path("model");
    TokenizerJsonModel model = new TokenizerJsonModel(description, added);
    SubwordModel subword = model.read();
    TextPipeline pipeline =
        new TextPipeline(
            TokenizerJsonSteps.normalizer(root.path("normalizer")),
            TokenizerJsonSteps.splitter(root.path("pre_tokenizer")),
            subword,
            TokenizerJsonSteps.decoder(root.path("decoder")),
            added.searched());
    List<Integer> prefix = new ArrayList<>();
    List<Integer> suffix = new ArrayList<>();
    frame(root.path("post_processor"), prefix, suffix);
    TokenFrame frame = new TokenFrame(List.copyOf(prefix), List.copyOf(suffix));
    return new TokenizerModel(
        pipeline,
        null,
        subword instanceof WordsModel ? model.pieces() : List.of(),
        List.of(),
        model.unknown(),
        frame,
        frame,
        added.special(),
        TextLanguages.NONE,
        false);
  }

  private static void frame(JsonNode processor, List<Integer> prefix, List<Integer> suffix) {
    if (processor.isNull() || processor.isMissingNode()) {
      return;
    }
    String type = processor.path("type").asText();
    switch (type) {
      case "TemplateProcessing" -> template(processor, prefix, suffix);
      case "BertProcessing", "RobertaProcessing" -> {
        prefix.add(processor.path("cls").path(1).asInt());
        suffix.add(processor.path("sep").path(1).asInt());
      }
      // Changes offsets alone.
      case "ByteLevel" -> {}
      case "Sequence" -> processor.path("processors").forEach(part -> frame(part, prefix, suffix));
      default -> throw TokenizerJsonSteps.unknown("post_processor", type);
    }
  }

  private static void template(JsonNode processor, List<Integer> prefix, List<Integer> suffix) {
    boolean before = true;
    for (JsonNode part : processor.path("single")) {
      if (part.has("Sequence")) {
        before = false;
      } else {
        String token = part.path("SpecialToken").path("id").asText();
        JsonNode ids = processor.path("special_tokens").path(token).path("ids");
        if (ids.isEmpty()) {
          throw new CheckpointException(
              NAME + ": the template's token '" + token + "' has no id in special_tokens");
        }
        for (JsonNode id : ids) {
          (before ? prefix : suffix).add(id.asInt());
        }
      }
    }
  }
}
