package dev.bcq.runtime.text;

import java.util.Arrays;

/**
 * The symbols of a text, each a part of it, while neighbours are joined. A symbol keeps the index
 * that its first part had.
 */
final class MergeSymbols {
  /** What {@link Pairs#merged} returns if a pair stays. */
  static final long NO_MERGE = Long.MIN_VALUE;

  /** No symbol, and no number. */
  static final int NONE = -1;

  private static final int DEAD = Integer.MIN_VALUE;

  private int[] starts;
  private int[] ends;
  private int[] numbers;
  private int[] next;
  private int[] previous;
  private int count;

  /** What pairs of symbols become. */
  interface Pairs {
    /**
     * Returns the priority of a pair, the least first, in the upper 32 bits and the number of what
     * it becomes in the lower, or {@link #NO_MERGE}.
     */
    long merged(int left, int right);
  }

  MergeSymbols(int capacity) {
    starts = new int[capacity];
    ends = new int[capacity];
    numbers = new int[capacity];
    next = new int[capacity];
    previous = new int[capacity];
  }

  /** Returns what {@link Pairs#merged} wants. */
  static long merge(int priority, int result) {
    return ((long) priority << 32) | (result & 0xffffffffL);
  }

  /** Adds a symbol behind the others. */
  void add(int start, int end, int number) {
    if (count == starts.length) {
      int capacity = 2 * count + 8;
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
      numbers = Arrays.copyOf(numbers, capacity);
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
    }
    starts[count] = start;
    ends[count] = end;
    numbers[count] = number;
    previous[count] = count - 1;
    next[count] = NONE;
    if (count > 0) {
      next[count - 1] = count;
    }
    count++;
  }

  /** Returns the first symbol, or {@link #NONE}. */
  int first() {
    return count == 0 ? NONE : 0;
  }

  /** Returns the last symbol, or {@link #NONE}. */
  int last() {
    int at = count - 1;
    while (at > 0 && numbers[at] == DEAD) {
      at--;
    }
    return at;
  }

  int next(int symbol) {
    return next[symbol];
  }

  int previous(int symbol) {
    return previous[symbol];
  }

  int start(int symbol) {
    return starts[symbol];
  }

  int end(int symbol) {
    return ends[symbol];
  }

  int number(int symbol) {
    return numbers[symbol];
  }

  /**
   * Joins neighbours until no pair is left that may be.
   *
   * @param wholeRanks all pairs of one priority are joined, from left to right, before those that
   *     come of it are looked at, as subword-nmt does
   */
  void merge(Pairs pairs, boolean wholeRanks) {
    MergeQueue queue = new MergeQueue();
    for (int left = 0; left + 1 < count; left++) {
      offer(pairs, queue, left);
    }
    int[] made = new int[4];
    while (!queue.isEmpty()) {
      int priority = queue.priority();
      int makings = 0;
      do {
        int left = queue.left();
        boolean valid = numbers[left] != DEAD && next[left] != NONE;
        if (valid && ends[next[left]] - starts[left] == queue.size()) {
          join(left, queue.result());
          if (makings == made.length) {
            made = Arrays.copyOf(made, 2 * makings);
          }
          made[makings++] = left;
        }
        queue.remove();
      } while (wholeRanks && !queue.isEmpty() && queue.priority() == priority);
      for (int i = 0; i < makings; i++) {
        if (previous[made[i]] != NONE) {
          offer(pairs, queue, previous[made[i]]);
        }
        offer(pairs, queue, made[i]);
      }
    }
  }

  private void offer(Pairs pairs, MergeQueue queue, int left) {
    int right = next[left];
    if (right == NONE) {
      return;
    }
    long merged = pairs.merged(left, right);
    if (merged != NO_MERGE) {
      queue.add((int) (merged >> 32), left, ends[right] - starts[left], (int) merged);
    }
  }

  private void join(int left, int result) {
    int right = next[left];
    numbers[left] = result;
    numbers[right] = DEAD;
    ends[left] = ends[right];
    next[left] = next[right];
    if (next[right] != NONE) {
      previous[next[right]] = left;
    }
  }
}
