package dev.bcq.runtime.text;

import java.util.Arrays;

/** The ranks of merges by their pairs: a hash table without objects. */
final class MergeTable {
  private static final int EMPTY = -1;

  private final int[] merges;
  private final int[] slots;

  /**
   * Prepares a table.
   *
   * @param merges left, right and result of each merge; of equal pairs the last counts
   */
  MergeTable(int[] merges) {
    this.merges = merges;
    int count = merges.length / 3;
    this.slots = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
    Arrays.fill(slots, EMPTY);
    for (int rank = 0; rank < count; rank++) {
      slots[slot(merges[3 * rank], merges[3 * rank + 1])] = rank;
    }
  }

  private int slot(int left, int right) {
    long hash = (((long) left << 32) | right) * 0x9e3779b97f4a7c15L;
    int slot = (int) (hash >>> 33) & (slots.length - 1);
    while (slots[slot] != EMPTY) {
      int rank = slots[slot];
      if (merges[3 * rank] == left && merges[3 * rank + 1] == right) {
        break;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** Returns rank and result of a pair as {@link MergeSymbols.Pairs} does. */
  long merged(int left, int right) {
    int rank = slots[slot(left, right)];
    return rank == EMPTY ? MergeSymbols.NO_MERGE : MergeSymbols.merge(rank, merges[3 * rank + 2]);
  }
}
