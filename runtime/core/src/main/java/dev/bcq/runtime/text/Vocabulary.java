package dev.bcq.runtime.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids. Immutable and thread-safe. */
final class Vocabulary {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int unknown;

  /**
   * Prepares a vocabulary.
   *
   * @param tokens tokens by id; of equal ones the last counts
   * @param unknown id of what is no token
   */
  Vocabulary(List<String> tokens, int unknown) {
    this.tokens = tokens;
    this.unknown = unknown;
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** Whether an id has a token. */
  boolean has(int id) {
    return id >= 0 && id < tokens.size();
  }

  String token(int id) {
    return tokens.get(id);
  }

  @Nullable Integer id(String token) {
    return ids.get(token);
  }

  int idOrUnknown(String token) {
    return ids.getOrDefault(token, unknown);
  }
}
