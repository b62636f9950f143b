package dev.bcq.converter.checkpoint.marian;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of Marian by the names that its command line has: those that a file holds, those that the
 * user gives where it holds none, and Marian's own defaults.
 */
final class MarianSettings {
  private final String where;
  private final Map<String, Object> stored;
  private final Set<String> used = new HashSet<>();

  /**
   * Takes the options of a file.
   *
   * @param where names the file in messages
   */
  MarianSettings(String where, Map<String, Object> stored) {
    this.where = where;
    this.stored = new LinkedHashMap<>(stored);
  }

  /**
   * Adds what the user gives.
   *
   * @throws CheckpointException if the file has something else
   */
  void give(String key, String value) {
    Object held = stored.putIfAbsent(key, value);
    if (held != null && !held.equals(value)) {
      throw new CheckpointException(
          "--set %s=%s: %s has %s".formatted(key, value, where, FlatYaml.shown(held)));
    }
  }

  boolean has(String key) {
    return stored.containsKey(key);
  }

  private @Nullable Object value(String key) {
    used.add(key);
    return stored.get(key);
  }

  String text(String key, String absent) {
    return switch (value(key)) {
      case null -> absent;
      case String text -> text;
      default -> throw wrong(key, "a text");
    };
  }

  /** Returns a list of texts; a single text is a list of one. */
  List<String> texts(String key) {
    return switch (value(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case Object one -> List.of(one.toString());
    };
  }

  boolean flag(String key) {
    String text = text(key, "false");
    if (!List.of("true", "false").contains(text)) {
      throw wrong(key, "true or false");
    }
    return text.equals("true");
  }

  int integer(String key, int absent) {
    try {
      return Integer.parseInt(text(key, String.valueOf(absent)));
    } catch (NumberFormatException e) {
      throw wrong(key, "an integer");
    }
  }

  /** Returns a size: an integer from 1. */
  int size(String key, int absent) {
    int size = integer(key, absent);
    if (size < 1) {
      throw wrong(key, "1 or more");
    }
    return size;
  }

  double number(String key, double absent) {
    try {
      double found = Double.parseDouble(text(key, String.valueOf(absent)));
      if (Double.isFinite(found)) {
        return found;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, "a number");
    }
    throw wrong(key, "a number");
  }

  /**
   * Checks that an option, or each part of a list, has one of the values that can be computed.
   *
   * @throws CheckpointException naming the option, what it is, and what can be
   */
  void only(String key, String... allowed) {
    List<String> found =
        value(key) instanceof List<?> list && list.isEmpty() ? List.of("") : texts(key);
    if (!List.of(allowed).containsAll(found)) {
      throw wrong(key, String.join(" or ", quoted(allowed)));
    }
  }

  private static List<String> quoted(String[] values) {
    return List.of(values).stream().map(value -> value.isEmpty() ? "nothing" : value).toList();
  }

  /** Marks options as known that change nothing. */
  void ignore(Set<String> keys) {
    used.addAll(keys);
  }

  /** Returns the options that nobody has asked for. */
  List<String> unused() {
    return stored.keySet().stream().filter(key -> !used.contains(key)).toList();
  }

  CheckpointException wrong(String key, String expected) {
    return new CheckpointException(
        "%s has %s = %s; supported: %s"
            .formatted(where, key, FlatYaml.shown(stored.getOrDefault(key, "nothing")), expected));
  }
}
