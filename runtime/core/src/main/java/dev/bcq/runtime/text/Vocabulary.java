package dev.bcq.runtime.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids. Immutable and thread-safe. */
final class Vocabulary {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int unknown;
  private final Set<String> special;

  /**
   * Prepares a vocabulary.
   *
   * @param tokens tokens by id; of equal ones the last counts
   * @param unknown id of what is no token
   * @param special tokens that no text gives
   */
  Vocabulary(List<String> tokens, int unknown, Set<String> special) {
    this.tokens = tokens;
    this.unknown = unknown;
    this.special = special;
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

  /** Returns the id of a token, special ones among them, or null if it is none. */
  @Nullable Integer id(String token) {
    return ids.get(token);
  }

  /** Returns the id of a piece of a text. */
  int idOf(String piece) {
    return special.contains(piece) ? unknown : ids.getOrDefault(piece, unknown);
  }
}
