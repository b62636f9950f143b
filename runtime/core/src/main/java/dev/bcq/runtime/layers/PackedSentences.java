package dev.bcq.runtime.layers;

import java.util.Arrays;
import java.util.List;

/**
 * Where the sentences lie that an encoder reads together: one behind the other, a column for each
 * token, nothing in between.
 */
public final class PackedSentences {
  private final int[][] columns;
  private final int[] sentenceOf;
  private final int count;
  private final int longest;

  /** Packs sentences of at least one token. */
  public PackedSentences(List<int[]> sentences) {
    columns = new int[sentences.size()][];
    int next = 0;
    int most = 0;
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new int[sentences.get(i).length];
      for (int token = 0; token < columns[i].length; token++) {
        columns[i][token] = next++;
      }
      most = Math.max(most, columns[i].length);
    }
    count = next;
    longest = most;
    sentenceOf = new int[count];
    for (int i = 0; i < columns.length; i++) {
      Arrays.fill(sentenceOf, first(i), first(i) + length(i), i);
    }
  }

  /** Returns the number of sentences. */
  public int sentences() {
    return columns.length;
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
    return columns[sentence].length;
  }

  /** Returns the column of the first token of a sentence. */
  public int first(int sentence) {
    return columns[sentence][0];
  }

  /** Returns the sentence that a column belongs to. */
  int sentenceOf(int column) {
    return sentenceOf[column];
  }

  /** Returns the columns of a sentence. */
  int[] columns(int sentence) {
    return columns[sentence];
  }
}
