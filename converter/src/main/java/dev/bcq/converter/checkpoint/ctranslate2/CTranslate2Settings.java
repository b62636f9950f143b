package dev.bcq.converter.checkpoint.ctranslate2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.JsonFile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code config.json} says or, before version 6, variables of the same meaning; and, where
 * these say nothing, what the user says.
 */
final class CTranslate2Settings {
  private static final List<String> KEYS =
      List.of(
          "add_source_bos",
          "add_source_eos",
          "bos_token",
          "decoder_start_token",
          "eos_token",
          "layer_norm_epsilon",
          "unk_token");

  private static final String MULTI_QUERY = "multi_query_attention";
  private static final int MOST_SHOWN = 60;

  private final JsonNode config;
  private final Map<String, String> given;

  private CTranslate2Settings(JsonNode config, Map<String, String> given) {
    this.config = config;
    this.given = given;
  }

  /**
   * Returns the settings of a {@code config.json}.
   *
   * @param warnings receives the keys that nothing is known of
   */
  static CTranslate2Settings of(JsonNode config, Map<String, String> given, List<String> warnings) {
    CTranslate2Settings settings = new CTranslate2Settings(config, given);
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String key = entry.getKey();
      if (key.equals(MULTI_QUERY)) {
        if (settings.flag(key)) {
          throw settings.wrong(key, "false");
        }
      } else if (!KEYS.contains(key) && !entry.getValue().isNull()) {
        warnings.add("config.json: " + shown(key) + " was not looked at");
      }
    }
    settings.checkGiven();
    return settings;
  }

  /** Returns the settings of a model whose variables hold them. */
  static CTranslate2Settings of(Scalars scalars, Map<String, String> given) {
    ObjectNode config = JsonFile.object();
    for (String key : List.of("unk_token", "bos_token", "eos_token")) {
      String text = scalars.text(key);
      if (text != null) {
        config.put(key, text);
      }
    }
    for (String side : List.of("bos", "eos")) {
      if (scalars.has("with_source_" + side)) {
        config.put("add_source_" + side, scalars.flag("with_source_" + side, false));
      }
    }
    boolean begins = scalars.flag("with_target_bos", true);
    if (scalars.flag("user_decoder_start_tokens", false)) {
      config.putNull("decoder_start_token");
    } else if (!begins) {
      config.put("decoder_start_token", config.path("eos_token").asText("</s>"));
    }
    CTranslate2Settings settings = new CTranslate2Settings(config, given);
    settings.checkGiven();
    return settings;
  }

  private void checkGiven() {
    for (Map.Entry<String, String> typed : given.entrySet()) {
      String key = typed.getKey();
      if (!KEYS.contains(key)) {
        throw new CheckpointException(
            "--set %s: models of CTranslate2 have no such setting that counts here; expected one of %s"
                .formatted(key, String.join(", ", KEYS)));
      }
      JsonNode held = config.get(key);
      if (held != null && !held.isNull() && !held.asText().equals(typed.getValue())) {
        throw new CheckpointException(
            "--set %s=%s: the checkpoint has %s".formatted(key, typed.getValue(), shown(held)));
      }
    }
  }

  /** Returns a text; null if the checkpoint says that there is none and the user gives none. */
  @Nullable String text(String key, String absent) {
    JsonNode held = config.get(key);
    if (held != null && held.isTextual()) {
      return held.textValue();
    }
    if (held != null && !held.isNull()) {
      throw wrong(key, "a text");
    }
    String typed = given.get(key);
    return typed != null ? typed : held == null ? absent : null;
  }

  boolean flag(String key) {
    JsonNode held = config.get(key);
    if (held != null && held.isBoolean()) {
      return held.booleanValue();
    }
    String typed = given.get(key);
    boolean typedFlag = typed != null && List.of("true", "false").contains(typed);
    if ((held != null && !held.isNull()) || (typed != null && !typedFlag)) {
      throw wrong(key, "true or false");
    }
    return "true".equals(typed);
  }

  float epsilon(float absent) {
    String key = "layer_norm_epsilon";
    JsonNode held = config.get(key);
    String typed = given.get(key);
    float found = absent;
    if (held != null && !held.isNull()) {
      found = held.isNumber() ? held.floatValue() : Float.NaN;
    } else if (typed != null) {
      try {
        found = Float.parseFloat(typed);
      } catch (NumberFormatException e) {
        found = Float.NaN;
      }
    }
    if (!(found > 0) || !(found < 1)) {
      throw wrong(key, "a number between 0 and 1");
    }
    return found;
  }

  private CheckpointException wrong(String key, String expected) {
    JsonNode held = config.get(key);
    return new CheckpointException(
        "%s is %s; expected %s"
            .formatted(
                key, held == null || held.isNull() ? given.get(key) : shown(held), expected));
  }

  /** Returns a value for a message: what a file holds must not speak to the user's terminal. */
  static String shown(Object value) {
    String text = value.toString().replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + ".." : text;
  }
}
