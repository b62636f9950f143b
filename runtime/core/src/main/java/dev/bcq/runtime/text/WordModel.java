package dev.bcq.runtime.text;

import org.jspecify.annotations.Nullable;

/** What cuts a word into pieces. Implementations are immutable and thread-safe. */
interface WordModel {
  /** Adds the ids of a word that is not empty. */
  void encode(String word, Ids into);

  /** Returns the text of an id, or null if it has none. */
  @Nullable String piece(int id);
}
