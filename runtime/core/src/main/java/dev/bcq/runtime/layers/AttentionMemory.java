package dev.bcq.runtime.layers;

import dev.bcq.runtime.kernels.KeyValueRows;

/** Keys and values of all tokens of a sentence. */
public final class AttentionMemory {
  private final KeyValueStore store;
  private final int length;

  /** Makes room for a sentence of {@code length} tokens. */
  AttentionMemory(KeyValueStore store, int length) {
    this.store = store;
    this.length = length;
    store.grow(length);
  }

  /** Returns the number of tokens of the sentence. */
  int length() {
    return length;
  }

  KeyValueStore store() {
    return store;
  }

  /** Gives the arrays back; the memory is not used any more. */
  public void release() {
    store.release();
  }

  void view(KeyValueRows view) {
    store.view(view, length);
  }
}
