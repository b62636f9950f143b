package dev.bcq.runtime.layers;

import dev.bcq.runtime.tensor.RowNumbers;
import java.util.Arrays;
import java.util.List;

/**
 * Where the sentences lie that an encoder reads together: one behind the other, a column for each
 * token, nothing in between.
 */
public final class PackedSentences {
  private final RowNumbers[] columns;
  private final int[] sentenceOf;
  private final int count;
  private final int longest;

  /** Packs sentences of at least one token. */
  public PackedSentences(List<int[]> sentences) {
    columns = new RowNumbers[sentences.size()];
    int next = 0;
    int most = 0;
    for (int i = 0; i < columns.length; i++) {
      int[] numbers = new int[sentences.get(i).length];
      for (int token = 0; token < numbers.length; token++) {
        numbers[token] = next++;
      }
      columns[i] = new RowNumbers(numbers);
      most = Math.max(most, numbers.length);
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
    return columns[sentence].values().length;
  }

  /** Returns the column of the first token of a sentence. */
  public int first(int sentence) {
    return columns[sentence].values()[0];
  }

  /** Returns the sentence that a column belongs to. */
  int sentenceOf(int column) {
    return sentenceOf[column];
  }

  /** Returns the columns of a sentence. */
  RowNumbers columns(int sentence) {
    return columns[sentence];
  }
}
