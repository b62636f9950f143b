package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.SpareArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the sentences lie that an encoder reads together: one behind the other, a column for each
 * token, nothing in between.
 */
public final class PackedSentences {
  /** Column of the first token of each sentence, and the end of all. */
  private final int[] firsts;

  private final int[] sentenceOf;
  private final int count;
  private final int longest;

  /** Packs sentences of at least one token. */
  public PackedSentences(List<int[]> sentences) {
    firsts = new int[sentences.size() + 1];
    int most = 0;
    for (int i = 0; i < sentences.size(); i++) {
      int length = sentences.get(i).length;
      firsts[i + 1] = firsts[i] + length;
      most = Math.max(most, length);
    }
    count = firsts[sentences.size()];
    longest = most;
    sentenceOf = new int[count];
    for (int i = 0; i < sentences.size(); i++) {
      Arrays.fill(sentenceOf, firsts[i], firsts[i + 1], i);
    }
  }

  /** Returns the number of sentences. */
  public int sentences() {
    return firsts.length - 1;
  }

  /** Returns the number of columns of all sentences. */
  public int count() {
    return count;
  }

  /** Returns the number of tokens of the longest sentence. */
  public int longest() {
    return longest;
  }

  /** Returns the number of tokens of a sentence. */
  public int length(int sentence) {
    return firsts[sentence + 1] - firsts[sentence];
  }

  /** Returns the column of the first token of a sentence. */
  public int first(int sentence) {
    return firsts[sentence];
  }

  /** Returns the sentence that a column belongs to. */
  public int sentenceOf(int column) {
    return sentenceOf[column];
  }

  /** Makes room for keys and values of each sentence. */
  List<AttentionMemory> memories(
      AttentionWeights attention, LayerBuffers buffers, SpareArrays arrays) {
    List<AttentionMemory> memories = new ArrayList<>();
    for (int i = 0; i < sentences(); i++) {
      memories.add(new AttentionMemory(buffers.store(attention.rounds(), arrays), length(i)));
    }
    return memories;
  }

  /**
   * Stores keys and values of columns, the first ones of the buffers, in the memories of their
   * sentences.
   *
   * @param first the first column
   */
  void store(LayerBuffers buffers, int first, int columns, List<AttentionMemory> memories) {
    for (int from = first; from < first + columns; ) {
      int sentence = sentenceOf[from];
      int to = Math.min(first + columns, firsts[sentence + 1]);
      KeyValueStore store = memories.get(sentence).store();
      int row = from - firsts[sentence];
      store.put(
          buffers.outputs.keys(),
          buffers.outputs.values(),
          from - first,
          to - first,
          row,
          0,
          buffers.heads());
      from = to;
    }
  }
}
