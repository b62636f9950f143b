package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object key by key and knows which keys nobody asked for. {@code null} counts as
 * absent.
 */
final class ConfigReader {
  private final String file;
  private final JsonNode json;
  private final Set<String> used = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();

  ConfigReader(String file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  String file() {
    return file;
  }

  boolean has(String key) {
    used.add(key);
    return json.hasNonNull(key);
  }

  private @Nullable JsonNode value(String key) {
    return has(key) ? json.get(key) : null;
  }

  int integer(String key, int absent) {
    Integer found = integer(key);
    return found == null ? absent : found;
  }

  @Nullable Integer integer(String key) {
    JsonNode node = value(key);
    if (node != null && !(node.isIntegralNumber() && node.canConvertToInt())) {
      throw wrong(key, node, "an integer");
    }
    return node == null ? null : node.intValue();
  }

  /** Returns a size of the model: an integer from 1. */
  int size(String key, int absent) {
    int value = integer(key, absent);
    if (value < 1) {
      throw wrong(key, json.get(key), "1 or more");
    }
    return value;
  }

  @Nullable Float number(String key) {
    JsonNode node = value(key);
    if (node != null && (!node.isNumber() || !Float.isFinite(node.floatValue()))) {
      throw wrong(key, node, "a number");
    }
    return node == null ? null : node.floatValue();
  }

  boolean flag(String key, boolean absent) {
    JsonNode node = value(key);
    if (node != null && !node.isBoolean()) {
      throw wrong(key, node, "true or false");
    }
    return node == null ? absent : node.booleanValue();
  }

  String text(String key, String absent) {
    JsonNode node = value(key);
    if (node != null && !node.isTextual()) {
      throw wrong(key, node, "a string");
    }
    return node == null ? absent : node.textValue();
  }

  /** Returns an integer or a list of integers as a list; null if absent. */
  @Nullable List<Integer> integers(String key) {
    JsonNode node = value(key);
    if (node == null) {
      return null;
    }
    List<Integer> list = new ArrayList<>();
    for (JsonNode element : node.isArray() ? node : List.of(node)) {
      if (!element.isIntegralNumber() || !element.canConvertToInt()) {
        throw wrong(key, node, "integers");
      }
      list.add(element.intValue());
    }
    return list;
  }

  /** Returns any value; a missing node if absent. */
  JsonNode node(String key) {
    used.add(key);
    return json.path(key);
  }

  void ignore(Set<String> keys) {
    used.addAll(keys);
  }

  /** Notes something that the user should know. */
  void warn(String warning) {
    warnings.add(file + ": " + warning);
  }

  /** Returns the warnings, also of each key that nobody asked for and that is not null. */
  List<String> warnings() {
    List<String> all = new ArrayList<>(warnings);
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getValue().isNull() && !used.contains(entry.getKey())) {
        all.add(file + ": the key '" + entry.getKey() + "' is unknown and was ignored");
      }
    }
    return all;
  }

  CheckpointException wrong(String key, @Nullable JsonNode found, String expected) {
    return new CheckpointException(
        "%s: %s is %s; expected %s".formatted(file, key, found, expected));
  }
}
