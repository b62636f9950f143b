package dev.bcq.runtime.layers;

import dev.bcq.format.StackConfig;
import dev.bcq.runtime.kernels.Kernels;
import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence in the decoder: keys and values of its source and of what has been decoded so far, and
 * the columns that the next step reads of it. Sentences in one step may differ in everything. Not
 * thread-safe.
 */
public final class DecoderState {
  private static final int LEAST_EXPECTED = 16;

  /** Tokens of a text, not of a sentence: it may be one that is summarized. */
  private static final int MOST_EXPECTED = 128;

  private final List<AttentionMemory> memories;
  private final KeyValueCache cache;
  private final int limit;
  private final int[] tokens;
  private final int[] parents;
  private int columns;

  /**
   * Begins a sentence.
   *
   * @param kernels what stores keys and values
   * @param layers layers of the decoder
   * @param stack their shape
   * @param memories keys and values of the source in each layer
   * @param beams most columns of a step
   * @param limit most steps
   * @param arrays where keys and values of the steps come from
   */
  public DecoderState(
      Kernels kernels,
      List<DecoderLayer> layers,
      StackConfig stack,
      List<AttentionMemory> memories,
      int beams,
      int limit,
      SpareArrays arrays) {
    this.memories = memories;
    List<KeyValueStore> stores = new ArrayList<>();
    for (DecoderLayer layer : layers) {
      stores.add(
          KeyValueStore.create(
              kernels, layer.roundsPast(), stack.heads(), stack.headWidth(), arrays));
    }
    this.cache = new KeyValueCache(stores, beams, limit, expected(memories));
    this.limit = limit;
    this.tokens = new int[beams];
    this.parents = new int[beams];
  }

  /** Returns about how many tokens a translation has: a quarter more than its source. */
  private static int expected(List<AttentionMemory> memories) {
    int source = memories.isEmpty() ? 0 : memories.get(0).length();
    return Math.max(LEAST_EXPECTED, Math.min(MOST_EXPECTED, source + source / 4));
  }

  /**
   * Says what the next step reads.
   *
   * @param tokens the last token of each column
   * @param parents for each column the column of the step before that it continues; not read in the
   *     first step
   * @param columns number of columns, at least one
   */
  public void next(int[] tokens, int[] parents, int columns) {
    System.arraycopy(tokens, 0, this.tokens, 0, columns);
    System.arraycopy(parents, 0, this.parents, 0, columns);
    this.columns = columns;
  }

  /** Returns the number of columns of the next step. */
  public int columns() {
    return columns;
  }

  /** Returns the most steps. */
  public int limit() {
    return limit;
  }

  /** Returns the number of steps so far, the present one included. */
  public int length() {
    return cache.length();
  }

  /** Returns the token that a column of the present step reads. */
  public int token(int column) {
    return tokens[column];
  }

  /** Begins the step. */
  public void advance() {
    cache.advance(parents, columns);
  }

  /** Gives the arrays back, those of the source among them; neither is used any more. */
  public void release() {
    cache.release();
    memories.forEach(AttentionMemory::release);
  }

  KeyValueCache cache() {
    return cache;
  }

  AttentionMemory memory(int layer) {
    return memories.get(layer);
  }
}
