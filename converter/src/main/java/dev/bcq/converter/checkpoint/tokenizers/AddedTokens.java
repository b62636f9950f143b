package dev.bcq.converter.checkpoint.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.format.TextPipeline.AddedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tokens that a folder of Hugging Face adds to those of its model, by id. */
public final class AddedTokens {
  private final SortedMap<Integer, JsonNode> all = new TreeMap<>();

  private AddedTokens() {}

  /** Returns those of {@code added_tokens} of {@code tokenizer.json}. */
  static AddedTokens of(JsonNode list) {
    AddedTokens result = new AddedTokens();
    list.forEach(token -> result.all.put(token.path("id").asInt(-1), token));
    return result;
  }

  /** Returns those of {@code added_tokens_decoder} of {@code tokenizer_config.json}. */
  public static AddedTokens ofDecoder(JsonNode decoder) {
    AddedTokens result = new AddedTokens();
    for (Map.Entry<String, JsonNode> token : decoder.properties()) {
      if (token.getKey().matches("\\d{1,9}")) {
        result.all.put(Integer.parseInt(token.getKey()), token.getValue());
      }
    }
    return result;
  }

  /** Returns the texts by id. */
  public SortedMap<Integer, String> texts() {
    SortedMap<Integer, String> texts = new TreeMap<>();
    all.forEach((id, token) -> texts.put(id, token.path("content").asText()));
    return texts;
  }

  /** Whether a token is one that no text gives, and that has none. */
  public boolean isSpecial(int id) {
    JsonNode token = all.get(id);
    return token != null && token.path("special").asBoolean();
  }

  /** Returns the ids of the special tokens. */
  public List<Integer> special() {
    return all.keySet().stream().filter(this::isSpecial).toList();
  }

  /** Returns the tokens that texts may give. */
  List<AddedText> searched() {
    List<AddedText> texts = new ArrayList<>();
    all.forEach(
        (id, token) -> {
          if (!isSpecial(id)) {
            texts.add(
                new AddedText(
                    token.path("content").asText(),
                    id,
                    token.path("lstrip").asBoolean(),
                    token.path("rstrip").asBoolean(),
                    token.path("normalized").asBoolean(true),
                    token.path("single_word").asBoolean()));
          }
        });
    return List.copyOf(texts);
  }
}
