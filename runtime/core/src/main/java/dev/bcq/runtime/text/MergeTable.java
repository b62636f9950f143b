package dev.bcq.runtime.text;

import java.util.Arrays;

/**
 * The ranks of merges by their pairs: for each left piece its right ones in order, to be halved.
 * Not a hash table, whose collisions a hostile file could choose.
 */
final class MergeTable {
  private final int[] merges;

  /** Where the pairs of a left piece begin. */
  private final int[] first;

  /** Right piece in the upper, rank in the lower 32 bits, sorted for each left piece. */
  private final long[] pairs;

  /**
   * Prepares a table.
   *
   * @param merges left, right and result of each merge; of equal pairs the last counts
   */
  MergeTable(int[] merges) {
    this.merges = merges;
    int count = merges.length / 3;
    int lefts = 0;
    for (int rank = 0; rank < count; rank++) {
      lefts = Math.max(lefts, merges[3 * rank] + 1);
    }
    this.first = new int[lefts + 1];
    for (int rank = 0; rank < count; rank++) {
      first[merges[3 * rank] + 1]++;
    }
    for (int left = 0; left < lefts; left++) {
      first[left + 1] += first[left];
    }
    this.pairs = new long[count];
    int[] next = first.clone();
    for (int rank = 0; rank < count; rank++) {
      pairs[next[merges[3 * rank]]++] = ((long) merges[3 * rank + 1] << 32) | rank;
    }
    for (int left = 0; left < lefts; left++) {
      Arrays.sort(pairs, first[left], first[left + 1]);
    }
  }

  /** Returns rank and result of a pair as {@link MergeSymbols.Pairs} does. */
  long merged(int left, int right) {
    if (left + 1 >= first.length) {
      return MergeSymbols.NO_MERGE;
    }
    int found =
        Arrays.binarySearch(
            pairs, first[left], first[left + 1], ((long) right << 32) | Integer.MAX_VALUE);
    int at = -found - 2;
    if (at < first[left] || (int) (pairs[at] >> 32) != right) {
      return MergeSymbols.NO_MERGE;
    }
    int rank = (int) pairs[at];
    return MergeSymbols.merge(rank, merges[3 * rank + 2]);
  }
}
