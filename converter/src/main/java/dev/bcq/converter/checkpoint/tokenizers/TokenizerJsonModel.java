package dev.bcq.converter.checkpoint.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.BytePairModel;
import dev.bcq.format.SentencePieceModel;
import dev.bcq.format.SentencePieceModel.Algorithm;
import dev.bcq.format.SentencePieceModel.PieceKind;
import dev.bcq.format.SubwordModel;
import dev.bcq.format.WordPieceModel;
import dev.bcq.format.WordsModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code model} of {@code tokenizer.json}. */
final class TokenizerJsonModel {
  private final JsonNode node;
  private final AddedTokens added;
  private final PieceIds ids = new PieceIds(TokenizerJson.NAME);
  private int unknown;

  TokenizerJsonModel(JsonNode node, AddedTokens added) {
    this.node = node;
    this.added = added;
  }

  SubwordModel read() {
    String type = type();
    return switch (type) {
      case "Unigram" -> unigram();
      case "BPE" -> bytePair();
      case "WordPiece" -> wordPiece();
      case "WordLevel" -> {
        addPieces();
        unknown = unknownOr(0);
        yield WordsModel.WHOLE;
      }
      default -> throw TokenizerJsonSteps.unknown("model", type);
    };
  }

  // Early files do not say it.
  private String type() {
    if (node.has("type")) {
      return node.path("type").asText();
    }
    if (node.has("merges")) {
      return "BPE";
    }
    return node.has("max_input_chars_per_word")
        ? "WordPiece"
        : node.path("vocab").isArray() ? "Unigram" : "WordLevel";
  }

  /** Returns all pieces by id, added ones among them. */
  List<String> pieces() {
    return ids.pieces();
  }

  /** Returns the id of the unknown piece. */
  int unknown() {
    return unknown;
  }

  private void addPieces() {
    ids.addAll(node.path("vocab"));
    added.texts().forEach((id, text) -> ids.add(text, id));
  }

  private int unknownOr(int other) {
    JsonNode token = node.path("unk_token");
    if (!token.isTextual()) {
      return other;
    }
    Integer id = ids.ids().get(token.asText());
    if (id == null) {
      throw new CheckpointException(
          "%s: unk_token '%s' is no piece".formatted(TokenizerJson.NAME, token.asText()));
    }
    return id;
  }

  private SentencePieceModel unigram() {
    JsonNode vocabulary = node.path("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.add(vocabulary.path(id).path(0).asText(), id);
    }
    added.texts().forEach((id, text) -> ids.add(text, id));
    boolean bytes = node.path("byte_fallback").asBoolean();
    JsonNode unknownId = node.path("unk_id");
    if (!unknownId.isInt()) {
      throw TokenizerJsonSteps.unknown("unk_id of Unigram", unknownId.toString());
    }
    unknown = unknownId.intValue();
    int count = ids.pieces().size();
    float[] scores = new float[count];
    PieceKind[] kinds = new PieceKind[count];
    Arrays.fill(kinds, PieceKind.CONTROL);
    for (int id = 0; id < count; id++) {
      scores[id] = (float) vocabulary.path(id).path(1).asDouble();
      if (id == unknown) {
        kinds[id] = PieceKind.UNKNOWN;
      } else if (id < vocabulary.size() && !added.texts().containsKey(id)) {
        kinds[id] = PieceKind.NORMAL;
        if (bytes && ids.pieces().get(id).matches("<0x[0-9A-F]{2}>")) {
          kinds[id] = PieceKind.BYTE;
        }
      }
    }
    return new SentencePieceModel(
        Algorithm.UNIGRAM,
        ids.pieces(),
        scores,
        kinds,
        new byte[0],
        false,
        false,
        false,
        false,
        bytes,
        "");
  }

  private BytePairModel bytePair() {
    addPieces();
    String prefix = node.path("continuing_subword_prefix").asText("");
    prefix = node.path("continuing_subword_prefix").isTextual() ? prefix : "";
    JsonNode suffix = node.path("end_of_word_suffix");
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : node.path("merges")) {
      merges.add(
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText());
    }
    @Nullable Integer unknownPiece =
        node.path("unk_token").isTextual() ? (Integer) unknownOr(0) : null;
    unknown = unknownPiece == null ? 0 : unknownPiece;
    return new BytePairModel(
        ids.pieces(),
        MergesFile.merges(TokenizerJson.NAME, merges, ids.ids(), prefix),
        unknownPiece,
        node.path("fuse_unk").asBoolean(),
        node.path("byte_fallback").asBoolean(),
        node.path("ignore_merges").asBoolean(),
        prefix,
        suffix.isTextual() ? suffix.asText() : "");
  }

  private WordPieceModel wordPiece() {
    addPieces();
    unknown = unknownOr(0);
    return new WordPieceModel(
        ids.pieces(),
        unknown,
        node.path("continuing_subword_prefix").asText("##"),
        node.path("max_input_chars_per_word").asInt(100));
  }
}
